/// A number of any size and precision, kept as it was written.
///
/// Two numbers are equal when their texts are: `1` and `1.0` differ, since storing one for
/// the other would not give back what was read.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
    /// The number as JSON text.
    public let text: String

    /// Takes over text that is known to be a JSON number.
    init(verbatim text: String) {
        self.text = text
    }

    /// Reads a number in the form of RFC 8259 §6, without whitespace around it.
    public init?(_ text: String) {
        var parser = JSONParser()
        guard let view = try? parser.parse(text.utf8.span), view.kind == .number,
            view.rawBytes.count == text.utf8.count
        else { return nil }
        self.text = text
    }

    /// Writes an integer.
    public init(_ value: some BinaryInteger) {
        text = String(value)
    }

    /// Writes a double in the shortest form that reads back the same; nothing for those
    /// that are not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// The number where it is an integer that fits, however it is written (`1.0`, `10e-1`).
    public var integer: Int64? {
        integerParts(ofNumber: text.utf8.span, isComplex: true).flatMap { Int64(parts: $0) }
    }

    /// The number where it is a non-negative integer that fits.
    public var unsignedInteger: UInt64? {
        integerParts(ofNumber: text.utf8.span, isComplex: true).flatMap { UInt64(parts: $0) }
    }

    /// The nearest double; nothing beyond the range of finite doubles.
    public var double: Double? {
        JSON.double(ofNumber: text.utf8.span)
    }

    /// The number as JSON text.
    public var description: String { text }
}
