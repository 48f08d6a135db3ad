public import SQLiteDatabase

// There is no literal for `NULL`: with one, `nil` would mean a value where an optional is meant.
extension SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral
{
    /// Makes a whole number, for rows that are written down in a test.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// Makes a floating-point number.
    public init(floatLiteral value: Double) {
        self = .real(value)
    }

    /// Makes text.
    public init(stringLiteral value: String) {
        self = .text(value)
    }
}
