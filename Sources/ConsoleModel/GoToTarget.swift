public import EventModel

/// A place in time or in a numbering, as an operator types it after `@`.
public enum GoToTarget: Hashable, Sendable {
    /// A sequence or a position, depending on where it is typed: `#1733` or `1733`.
    case number(UInt64)
    /// A moment: RFC 3339, or an age such as `-2h`.
    case time(Timestamp)

    /// Reads what was typed; nothing where it is none of the forms.
    public init?(_ text: String, now: Timestamp) {
        let text = text.filter { $0 != " " }
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        if let number = UInt64(digits), !digits.hasPrefix("+") {
            self = .number(number)
        } else if let seconds = Self.age(text) {
            self = .time(now.advanced(bySeconds: -seconds))
        } else if let time = Timestamp(text) {
            self = .time(time)
        } else {
            return nil
        }
    }

    /// The seconds that `-2h` or `-1d12h` names.
    private static func age(_ text: String) -> Double? {
        guard text.hasPrefix("-"), text.count > 2 else { return nil }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var total = 0.0
        var number: Double?
        for character in text.dropFirst() {
            if let digit = character.wholeNumberValue, character.isASCII {
                number = (number ?? 0) * 10 + Double(digit)
            } else if let unit = units[character], let value = number {
                total += value * unit
                number = nil
            } else {
                return nil
            }
        }
        return number == nil && total < 1e10 ? total : nil
    }
}
