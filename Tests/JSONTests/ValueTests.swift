import JSON
import Testing

/// A generator with a fixed course, so that a failure comes back (SplitMix64).
struct FixedGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func text() -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "b", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "\u{301}", "𝄞", "\u{2028}", "/",
            "\u{7F}", " ", "]", ":",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &self) {
            text.append(scalars[Int.random(in: 0..<scalars.count, using: &self)])
        }
        return String(text)
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 8 : 5), using: &self) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &self))
        case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &self)))
        case 3:
            let double = Double(bitPattern: next())
            return JSONNumber(double).map { .number($0) } ?? .null
        case 4, 5: return .string(text())
        case 6, 7:
            let count = Int.random(in: 0...4, using: &self)
            return .array((0..<count).map { _ in value(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &self) {
                object[text()] = value(depth: depth - 1)
            }
            return .object(object)
        }
    }
}

struct ValueTests {
    @Test func `gives back every value that it wrote`() throws {
        var generator = FixedGenerator(state: 20_261_120)
        for _ in 0..<3000 {
            let value = generator.value(depth: 4)
            let bytes = value.bytes()
            let parsed = try JSONValue(parsing: bytes)
            #expect(parsed == value)
            #expect(parsed.hashValue == value.hashValue)
            #expect(parsed.bytes() == bytes)
            #expect(try JSONValue(parsing: value.bytes(sortsKeys: true)) == value)
            #expect(try JSONValue(parsing: value.lines().joined(separator: "\n")) == value)
        }
    }

    @Test func `reads doubles back bit for bit`() throws {
        var generator = FixedGenerator(state: 1)
        for _ in 0..<20_000 {
            let double = Double(bitPattern: generator.next())
            guard double.isFinite else { continue }
            var writer = JSONWriter()
            writer.double(double)
            let parsed = try JSONValue(parsing: writer.finish()).double
            #expect(parsed?.bitPattern == double.bitPattern)
        }
    }

    @Test func `keeps the text of numbers and the order of members`() throws {
        let text = #"{"z":1.0,"a":-0,"m":1E+2,"b":123456789012345678901234567890}"#
        let value = try JSONValue(parsing: text)
        #expect(value.description == text)
        #expect(
            String(decoding: value.bytes(sortsKeys: true), as: UTF8.self)
                == #"{"a":-0,"b":123456789012345678901234567890,"m":1E+2,"z":1.0}"#
        )
    }

    @Test func `escapes only what must be`() throws {
        let value = try JSONValue(parsing: #""\u00e9\/\u0041\u001f\u007f\n\"\\""#)
        #expect(value.description == "\"é/A\\u001f\u{7F}\\n\\\"\\\\\"")
    }

    @Test func `compares strings and keys by bytes and members in any order`() throws {
        #expect(JSONValue.string("é") != .string("e\u{301}"))
        let composed: JSONValue = ["é": 1, "e\u{301}": 2]
        #expect(composed.object?.count == 2)
        #expect(composed["é"] == 1)
        #expect(JSONValue(dictionaryLiteral: ("a", 1), ("b", 2)) == ["b": 2, "a": 1])
        #expect(try JSONValue(parsing: "1") != JSONValue(parsing: "1.0"))
    }

    @Test func `lays values out over lines`() throws {
        let value = try JSONValue(parsing: #"{"a":[],"b":[1,{"c":{}}],"d e":"x"}"#)
        #expect(
            value.lines() == [
                "{", "  \"a\": [],", "  \"b\": [", "    1,", "    {", "      \"c\": {}", "    }",
                "  ],", "  \"d e\": \"x\"", "}",
            ]
        )
    }

    @Test func `sets, replaces and removes members in place`() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        #expect(JSONValue.object(object).description == #"{"a":3,"c":4}"#)
    }

    @Test func `writes text without strings in between`() {
        var writer = JSONWriter(appendingTo: Array("x ".utf8))
        writer.beginObject()
        writer.member("name", "a\"b")
        writer.member("count", Int64.min)
        writer.member("large", UInt64.max)
        writer.member("zero", 0)
        writer.member("ratio", 0.1)
        writer.member("on", true)
        writer.member("none", String?.none)
        writer.key("list")
        writer.beginArray()
        writer.integer(100)
        writer.double(.infinity)
        writer.raw("[ 1 ]".utf8.span)
        writer.beginArray()
        writer.endArray()
        writer.endArray()
        writer.endObject()
        writer.lineBreak()
        writer.boolean(false)
        let text = String(decoding: writer.finish(), as: UTF8.self)
        #expect(
            text == """
                x {"name":"a\\"b","count":-9223372036854775808,"large":18446744073709551615,\
                "zero":0,"ratio":0.1,"on":true,"none":null,"list":[100,null,[ 1 ],[]]}
                false
                """
        )
    }
}
