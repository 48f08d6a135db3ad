extension Timestamp: CustomStringConvertible {
    /// The moment as RFC 3339 text in UTC, with as many decimals as it needs: none, three or six.
    public var description: String {
        let time = CalendarTime(self)
        let decimals = time.microsecond == 0 ? 0 : time.microsecond % 1000 == 0 ? 3 : 6
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var index = 0
            func put(_ byte: UInt8) {
                buffer[index] = byte
                index += 1
            }
            func put(_ value: Int, digits: Int) {
                var rest = value
                for place in stride(from: index + digits - 1, through: index, by: -1) {
                    buffer[place] = 0x30 + UInt8(rest % 10)
                    rest /= 10
                }
                index += digits
            }
            if time.year < 0 { put(UInt8(ascii: "-")) }
            let year = abs(time.year)
            put(year, digits: year > 99_999 ? 6 : year > 9999 ? 5 : 4)
            put(UInt8(ascii: "-"))
            put(time.month, digits: 2)
            put(UInt8(ascii: "-"))
            put(time.day, digits: 2)
            put(UInt8(ascii: "T"))
            put(time.hour, digits: 2)
            put(UInt8(ascii: ":"))
            put(time.minute, digits: 2)
            put(UInt8(ascii: ":"))
            put(time.second, digits: 2)
            if decimals > 0 {
                put(UInt8(ascii: "."))
                put(decimals == 3 ? time.microsecond / 1000 : time.microsecond, digits: decimals)
            }
            put(UInt8(ascii: "Z"))
            return index
        }
    }

    /// Reads RFC 3339 text with an offset, such as `2026-11-20T03:47:00Z` or `…+02:00`.
    ///
    /// Decimals of a second beyond the sixth are cut off. A time without an offset, a leap
    /// second, a date that does not exist, and one whose year in UTC is not 0 to 9999 are refused.
    public init?(_ text: String) {
        var text = text
        let parsed: Timestamp? = text.withUTF8 { Timestamp(rfc3339: $0.span) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads RFC 3339 text from UTF-8 bytes, as ``init(_:)`` does.
    public init?(rfc3339 bytes: Span<UInt8>) {
        var reader = DigitReader(bytes)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2), reader.skip("T", "t", " "),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            let microsecond = reader.fraction(),
            let offsetMinutes = reader.offsetMinutes(),
            let time = CalendarTime(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                microsecond: microsecond
            )
        else { return nil }
        let local = time.timestamp.microseconds
        self.init(microseconds: local - Int64(offsetMinutes) * 60_000_000)
        // The offset may lead to a year that this form cannot tell.
        if offsetMinutes != 0, !(0...9999).contains(CalendarTime(self).year) { return nil }
    }
}

/// Reads fixed-width numbers and separators from bytes, left to right.
private struct DigitReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var index = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    private var current: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func digit() -> Int? {
        guard let byte = current, byte >= 0x30, byte <= 0x39 else { return nil }
        index += 1
        return Int(byte - 0x30)
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func skip(_ separators: Unicode.Scalar...) -> Bool {
        guard let byte = current, separators.contains(Unicode.Scalar(byte)) else { return false }
        index += 1
        return true
    }

    /// The optional decimals of the second, in microseconds.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        guard var value = digit() else { return nil }
        var digits = 1
        while let next = digit() {
            if digits < 6 {
                value = value * 10 + next
                digits += 1
            }
        }
        while digits < 6 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// The offset from UTC in minutes, which must end the text.
    mutating func offsetMinutes() -> Int? {
        if skip("Z", "z") { return index == bytes.count ? 0 : nil }
        let isWest = current == UInt8(ascii: "-")
        guard skip("+", "-"), let hours = number(digits: 2), skip(":"),
            let minutes = number(digits: 2), hours < 24, minutes < 60, index == bytes.count
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
}
