/// Numbers as people read them.
package enum NumberFormat {
    /// Digits in groups of three.
    package static func grouped(_ value: some BinaryInteger) -> String {
        var digits = String(value)
        var index = digits.index(digits.endIndex, offsetBy: -3, limitedBy: digits.startIndex)
        while let place = index, place > digits.startIndex,
            digits[digits.index(before: place)] != "-"
        {
            digits.insert(",", at: place)
            index = digits.index(place, offsetBy: -3, limitedBy: digits.startIndex)
        }
        return digits
    }

    /// Bytes in the unit that gives at most three digits before the point.
    package static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1000 { return unit == "B" ? "\(bytes) B" : "\(tenths(value)) \(unit)" }
            value /= 1000
        }
        return "\(tenths(value)) TB"
    }

    /// Seconds with one decimal.
    static func seconds(_ seconds: Double) -> String { "\(tenths(seconds)) s" }

    /// A time that is left: seconds, minutes or hours.
    package static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds.rounded()), 1e9))
        return whole < 60
            ? "\(whole) s"
            : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h"
    }

    private static func tenths(_ value: Double) -> String {
        let whole = Int((value * 10).rounded())
        return "\(whole / 10).\(whole % 10)"
    }
}
