import EventModel
import SQLiteDatabase

/// The moments whose text can meet conditions on it, as whole seconds or days.
///
/// SQL compares times as text. That is the order of time only from second to second and in the
/// years 0 to 9999: `…:00.5Z` comes before `…:00Z`, the year 10000 before 2011, and years before 0
/// before all others. The range is therefore never too small and often too large.
struct TimeTextRange: Hashable {
    /// The first moment.
    private(set) var first = Timestamp(microseconds: .min)
    /// The last moment before the year 10000; what comes later always belongs.
    private(set) var last = Timestamp(microseconds: .max)

    /// The first moment whose year has more than four digits.
    static let fiveDigitYears = Timestamp(microseconds: 253_402_300_800_000_000)

    /// Whether a moment's text can meet the conditions.
    func contains(_ time: Timestamp) -> Bool {
        time >= first && (time <= last || time >= TimeTextRange.fiveDigitYears)
    }

    /// Leaves out moments whose text cannot compare so with `text`; nothing where `text` does not
    /// begin with a date.
    mutating func narrow(_ comparison: SQLiteComparison, _ text: String) {
        guard let unit = TimeTextRange.unit(text) else { return }
        if comparison != .less && comparison != .lessOrEqual {
            first = max(first, unit.lowerBound)
        }
        if comparison != .greater && comparison != .greaterOrEqual {
            last = min(last, unit.upperBound)
        }
    }

    /// The second, or else the day, whose name a text begins with.
    ///
    /// A time of another second or day compares with the text as with that name, whatever
    /// follows it.
    private static func unit(_ text: String) -> ClosedRange<Timestamp>? {
        let bytes = text.utf8
        let second = 1_000_000 as Int64
        if let start = timestamp(bytes.prefix(19), "Z") {
            return start...Timestamp(microseconds: start.microseconds + second - 1)
        }
        guard let start = timestamp(bytes.prefix(10), "T00:00:00Z") else { return nil }
        return start...Timestamp(microseconds: start.microseconds + 86_400 * second - 1)
    }

    /// The moment that a beginning and an end make together, where its text begins so as well.
    private static func timestamp(_ start: Substring.UTF8View, _ end: String) -> Timestamp? {
        let start = String(decoding: start, as: UTF8.self)
        guard let time = Timestamp(start + end),
            time.description.utf8.starts(with: start.utf8)
        else { return nil }
        return time
    }
}
