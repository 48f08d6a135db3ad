import JSON
import Testing

struct NumberTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("0.0", 0), ("0e99999999999999999999", 0), ("1", 1), ("-1", -1),
            ("1.0", 1), ("10e-1", 1), ("1.5e1", 15), ("1e2", 100), ("100e-2", 1),
            ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9.223372036854775807e18", .max), ("1000000000000000000000000000000e-30", 1),
            ("0.00001e5", 1), ("10.10e1", 101),
        ] as [(String, Int64)]
    )
    func `reads integers exactly, however they are written`(text: String, value: Int64) throws {
        #expect(try JSONValue(parsing: text).integer == value)
        var parser = JSONParser()
        #expect(try parser.parse(text.utf8.span).integer == value)
    }

    @Test(arguments: [
        "0.5", "1.5", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19", "1e400",
        "123456789012345678901234567890", "15e-1", "1e99999999999999999999",
        "1e-99999999999999999999",
    ])
    func `has no integer where it would not be exact`(text: String) throws {
        #expect(try JSONValue(parsing: text).integer == nil)
        var parser = JSONParser()
        #expect(try parser.parse(text.utf8.span).integer == nil)
    }

    @Test func `reads unsigned integers up to the largest`() throws {
        #expect(JSONNumber("18446744073709551615")?.unsignedInteger == .max)
        #expect(JSONNumber("18446744073709551616")?.unsignedInteger == nil)
        #expect(JSONNumber("-0")?.unsignedInteger == 0)
        #expect(JSONNumber("-1")?.unsignedInteger == nil)
    }

    @Test(
        arguments: [
            ("1.5", 1.5), ("0.1", 0.1), ("1e308", 1e308), ("5e-324", .leastNonzeroMagnitude),
            ("1e-400", 0),
            ("123456789012345678901234567890", 1.2345678901234568e29), ("-0.0", -0.0),
            ("2.2250738585072014e-308", .leastNormalMagnitude),
        ] as [(String, Double)]
    )
    func `reads doubles to the nearest`(text: String, value: Double) throws {
        #expect(try JSONValue(parsing: text).double?.bitPattern == value.bitPattern)
    }

    @Test func `has no double beyond the finite range but keeps the text`() throws {
        for text in ["1e400", "-1e400", "1e999999999999"] {
            let value = try JSONValue(parsing: text)
            #expect(value.double == nil)
            #expect(value.description == text)
        }
    }

    @Test func `takes only well-formed text as a number`() {
        for text in ["", " 1", "1 ", "01", "1.", "NaN", "\"1\"", "[1]"] {
            #expect(JSONNumber(text) == nil)
        }
        #expect(JSONNumber("1.50")?.text == "1.50")
        #expect(JSONNumber(Double.infinity) == nil)
    }
}
