/// A moment taken apart into the proleptic Gregorian calendar, in UTC.
///
/// The day count follows Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms":
/// years start in March, so that the leap day comes last.
public struct CalendarTime: Hashable, Sendable {
    /// The year; 0 and less before the common era.
    public var year: Int
    /// The month, 1 to 12.
    public var month: Int
    /// The day of the month, from 1.
    public var day: Int
    /// The hour, 0 to 23.
    public var hour: Int
    /// The minute, 0 to 59.
    public var minute: Int
    /// The second, 0 to 59.
    public var second: Int
    /// The microsecond, 0 to 999,999.
    public var microsecond: Int

    /// Takes a moment apart.
    public init(_ time: Timestamp) {
        let (seconds, microsecond) = flooredDivision(Int(time.microseconds), 1_000_000)
        let (days, secondOfDay) = flooredDivision(seconds, 86_400)
        let shifted = days + 719_468
        let (era, dayOfEra) = flooredDivision(shifted, 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3600
        minute = secondOfDay % 3600 / 60
        second = secondOfDay % 60
        self.microsecond = microsecond
    }

    /// Makes a calendar time from its parts; nothing where no such moment exists.
    ///
    /// A second of 60 (a leap second) is refused: ``Timestamp`` has no room for it.
    public init?(
        year: Int,
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        second: Int,
        microsecond: Int = 0
    ) {
        guard (1...12).contains(month), (0..<24).contains(hour), (0..<60).contains(minute),
            (0..<60).contains(second), (0..<1_000_000).contains(microsecond),
            day >= 1, day <= CalendarTime.days(inMonth: month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// The moment these parts name.
    public var timestamp: Timestamp {
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = flooredDivision(marchYear, 400)
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(microseconds: Int64(seconds * 1_000_000 + microsecond))
    }

    /// The number of days in a month, 1 to 12, of a year.
    public static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// The quotient rounded down and the remainder, which is never negative.
private func flooredDivision(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
