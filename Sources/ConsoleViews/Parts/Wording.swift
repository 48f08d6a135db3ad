import EventModel

/// How numbers, durations and sizes are written.
enum Wording {
    /// A number with thousands separators: `12,604,331`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number).utf8)
        let isNegative = digits.first == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        var bytes: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        bytes.reserveCapacity(digits.count + digits.count / 3)
        for index in start..<digits.count {
            if index > start, (digits.count - index) % 3 == 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(digits[index])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number in at most ten cells: in full below a hundred million, then `109M`.
    static func counter(_ number: UInt64) -> String {
        number < 100_000_000 ? grouped(number) : scaled(Double(number))
    }

    /// A count with its noun: `1 event`, `17 events`.
    static func counted(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A rate in at most eight cells: `0.4/s`, `1,240/s`, `109k/s`; a dash where nobody knows it.
    static func rate(_ rate: Double?) -> String {
        guard let rate, rate.isFinite, rate >= 0 else { return "-" }
        if rate == 0 { return "0/s" }
        if rate < 9.95 { return tenths(rate) + "/s" }
        return (rate < 99_999.5 ? grouped(whole(rate)) : scaled(rate)) + "/s"
    }

    /// A time span in at most two units: `0.4s`, `4m12s`, `6h`, `2d3h`, `15y`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "-" }
        let seconds = max(0, seconds)
        if seconds < 9.95 { return tenths(seconds) + "s" }
        let whole = whole(seconds)
        if whole >= 2 * secondsPerYear { return "\(grouped(whole / secondsPerYear))y" }
        let units: [(String, UInt64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
        guard let large = units.firstIndex(where: { whole >= $0.1 }) else { return "0s" }
        let (first, rest) = whole.quotientAndRemainder(dividingBy: units[large].1)
        let text = "\(first)\(units[large].0)"
        guard large + 1 < units.count, first < 100 else { return text }
        let second = rest / units[large + 1].1
        return second == 0 ? text : text + "\(second)\(units[large + 1].0)"
    }

    /// How long something took in at most eight cells: `0.3 ms`, `120 ms`, `1.4 s`, `4m12s`.
    static func latency(microseconds: Int64) -> String {
        let milliseconds = Double(max(0, microseconds)) / 1000
        if milliseconds < 0.05 { return "<0.1 ms" }
        if milliseconds < 9.95 { return tenths(milliseconds) + " ms" }
        if milliseconds < 999.5 { return "\(whole(milliseconds)) ms" }
        if milliseconds < 59_950 { return tenths(milliseconds / 1000) + " s" }
        return duration(milliseconds / 1000)
    }

    /// A number of bytes: `197 B`, `12.4 KB`, `4.1 GB`; a thousand bytes are a kilobyte.
    static func bytes(_ count: some BinaryInteger) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        for unit in ["KB", "MB", "GB", "TB"] {
            if value < 999.95 || unit == "TB" {
                return (value < 99.95 ? tenths(value) : grouped(whole(value))) + " " + unit
            }
            value /= 1000
        }
        return "\(count) B"
    }

    /// A share of a whole in percent, never rounded up to 100 nor down to 0: `41%`.
    static func percent(_ part: Double, of whole: Double) -> String {
        guard whole > 0, part.isFinite else { return "-" }
        let value = min(100, max(0, part / whole * 100))
        if value > 0, value < 1 { return "<1%" }
        return "\(Int(value.rounded(.down)))%"
    }

    /// The seconds of a year of 365 days and a quarter.
    private static let secondsPerYear: UInt64 = 31_557_600

    /// A large number with a unit: `109k`, `1.2M`, `340G`.
    private static func scaled(_ value: Double) -> String {
        var value = value
        for unit in ["", "k", "M", "G", "T"] {
            if value < 999.5 || unit == "T" {
                let isShort = value < 9.95 && !unit.isEmpty
                return (isShort ? tenths(value) : grouped(whole(value))) + unit
            }
            value /= 1000
        }
        return ""
    }

    /// A number with one decimal: `0.4`.
    private static func tenths(_ value: Double) -> String {
        let tenths = whole(value * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func whole(_ value: Double) -> UInt64 {
        value < 1e18 ? UInt64(max(0, value).rounded()) : 1_000_000_000_000_000_000
    }
}
