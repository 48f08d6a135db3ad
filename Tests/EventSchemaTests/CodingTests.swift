import EventSchema
import Testing

// The judge of what a Codable type should give and take.
import Foundation

private enum Colour: String, Codable { case red, green = "g" }

private enum Shape: Codable, Equatable {
    case none
    case circle(radius: Double)
    case polygon([Int], closed: Bool?)
    indirect case group(Shape, Shape)
}

private struct Everything: Codable, Equatable {
    var text: String
    var flag: Bool
    var whole: Int
    var narrow: Int8
    var wide: UInt64
    var huge: Int128
    var ratio: Double
    var single: Float
    var optional: Int?
    var list: [[Int?]]
    var byName: [String: [Double]]
    var byNumber: [Int: String]
    var colour: Colour
    var shape: Shape
    var inner: Inner

    struct Inner: Codable, Equatable {
        var a: [Inner]
        var b: String?

        enum CodingKeys: String, CodingKey {
            case a = "the a"
            case b = "é\"\\"
        }
    }
}

/// A generator with a fixed course, so that a failure comes back (SplitMix64).
private struct FixedGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    mutating func text() -> String {
        let parts = ["a", "é", "\"", "\\", "\n", "\u{0}", "𝄞", "/", " ", "e\u{301}"]
        return (0..<number(6)).map { _ in parts[number(parts.count)] }.joined()
    }

    mutating func double() -> Double {
        let value = Double(bitPattern: next())
        return value.isFinite ? value : 0.5
    }

    mutating func shape(depth: Int) -> Shape {
        switch number(depth > 0 ? 4 : 3) {
        case 0: .none
        case 1: .circle(radius: double())
        case 2:
            .polygon((0..<number(4)).map { _ in number(9) }, closed: [true, false, nil][number(3)])
        default: .group(shape(depth: depth - 1), shape(depth: depth - 1))
        }
    }

    mutating func inner(depth: Int) -> Everything.Inner {
        let count = depth > 0 ? number(3) : 0
        return Everything.Inner(
            a: (0..<count).map { _ in inner(depth: depth - 1) },
            b: number(2) == 0 ? nil : text()
        )
    }

    mutating func everything() -> Everything {
        Everything(
            text: text(),
            flag: number(2) == 0,
            whole: Int(truncatingIfNeeded: next()),
            narrow: Int8(truncatingIfNeeded: next()),
            wide: next(),
            huge: Int128(truncatingIfNeeded: next()) * 1_000_000_007,
            ratio: double(),
            single: Float(number(1000)) / 7,
            optional: number(2) == 0 ? nil : number(100),
            list: (0..<number(4)).map { _ in (0..<number(3)).map { $0 == 1 ? nil : $0 } },
            byName: Dictionary((0..<number(5)).map { _ in (text(), [double()]) }) { $1 },
            byNumber: Dictionary((0..<number(5)).map { ($0 * 3 - 4, text()) }) { $1 },
            colour: number(2) == 0 ? .red : .green,
            shape: shape(depth: 3),
            inner: inner(depth: 3)
        )
    }
}

struct CodingTests {
    @Test func `gives back every value that it encoded, as Foundation does`() throws {
        var generator = FixedGenerator(state: 42)
        for _ in 0..<300 {
            let value = generator.everything()
            let bytes = try JSONEventEncoder().encode(value)
            #expect(try JSONEventDecoder().decode(Everything.self, from: bytes) == value)
            #expect(try JSONEventEncoder().encode(value) == bytes)
            let theirs = [UInt8](try JSONEncoder().encode(value))
            #expect(try JSONEventDecoder().decode(Everything.self, from: theirs) == value)
            #expect(try JSONDecoder().decode(Everything.self, from: Data(bytes)) == value)
        }
    }

    @Test func `encodes members in the order of the code and dictionaries by key`() throws {
        struct Event: Encodable {
            var z = 1
            var a = ["b": 1, "a": 2, "é": 3, "B": 4]
            var m = [10: "x", 9: "y"]
            var none: Int?
        }
        let text = String(decoding: try JSONEventEncoder().encode(Event()), as: UTF8.self)
        #expect(text == #"{"z":1,"a":{"B":4,"a":2,"b":1,"é":3},"m":{"9":"y","10":"x"}}"#)
    }

    @Test func `encodes values that are no objects`() throws {
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try JSONEventEncoder().encode(value), as: UTF8.self)
        }
        #expect(try text(5) == "5")
        #expect(try text("é\n") == "\"é\\n\"")
        #expect(try text([1, nil, 3]) == "[1,null,3]")
        #expect(try text(Optional<Int>.none) == "null")
        #expect(try text(UInt64.max) == "18446744073709551615")
        #expect(try text([[Int]]()) == "[]")
        #expect(try text(Shape.none) == "{\"none\":{}}")
        #expect(try text([true: 1] as [Bool: Int]) == "[true,1]")
    }

    @Test func `refuses doubles that are not finite`() {
        for value in [Double.nan, .infinity, -.infinity] {
            let error = #expect(throws: EncodingError.self) {
                try JSONEventEncoder().encode(["a": [1, value]])
            }
            guard case .invalidValue(_, let context)? = error else { continue }
            #expect(context.codingPath.map(\.stringValue) == ["a", "Index 1"])
        }
    }

    private struct Base: Codable {
        class Animal: Codable { var name = "x" }
        struct Wrapper: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: .a)
                let other = container.superEncoder()
                var values = other.unkeyedContainer()
                try values.encode("s")
                var nested = values.nestedContainer(keyedBy: Key.self)
                try nested.encode(2, forKey: .b)
                try values.encodeNil()
                var again = encoder.container(keyedBy: Key.self)
                try again.encode(3, forKey: .b)
                _ = again.nestedUnkeyedContainer(forKey: .c)
            }
        }
        struct Interleaved: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                var first = container.nestedUnkeyedContainer(forKey: .a)
                try container.encode(1, forKey: .b)
                try first.encode(2)
            }
        }
        struct Silent: Encodable {
            func encode(to encoder: any Encoder) throws {}
        }
        enum Key: String, CodingKey { case a, b, c }
    }

    @Test func `nests containers and super encoders`() throws {
        let bytes = try JSONEventEncoder().encode(Base.Wrapper())
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text == #"{"a":1,"super":["s",{"b":2},null],"b":3,"c":[]}"#)
        #expect(throws: EncodingError.self) { try JSONEventEncoder().encode(Base.Interleaved()) }
        #expect(throws: EncodingError.self) { try JSONEventEncoder().encode(Base.Silent()) }
        let inside = try JSONEventEncoder().encode([Base.Silent()])
        #expect(String(decoding: inside, as: UTF8.self) == "[{}]")
    }

    /// As many arrays or objects inside each other as a number says.
    private enum Nested: Encodable {
        case array(Int)
        case object(Int)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .array(0), .object(0): try 1.encode(to: encoder)
            case .array(let depth):
                var elements = encoder.unkeyedContainer()
                try elements.encode(Nested.array(depth - 1))
            case .object(let depth):
                var members = encoder.container(keyedBy: Base.Key.self)
                try members.encode(1, forKey: .b)
                try members.encode(Nested.object(depth - 1), forKey: .a)
            }
        }
    }

    private struct Repeated: Encodable {
        let keys: [Base.Key]

        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Base.Key.self)
            for key in keys { try members.encode(["a": 1, "b": 2], forKey: key) }
        }
    }

    @Test func `writes nothing that it would not read`() throws {
        for nested in [Nested.array(64), .object(64)] {
            #expect(throws: Never.self) { try JSONEventEncoder().encode(nested) }
        }
        for nested in [Nested.array(65), .object(65)] {
            #expect(throws: EncodingError.self) { try JSONEventEncoder().encode(nested) }
        }
        #expect(throws: Never.self) { try JSONEventEncoder().encode(Repeated(keys: [.a, .b, .c])) }
        #expect(throws: EncodingError.self) {
            try JSONEventEncoder().encode(Repeated(keys: [.a, .b, .a]))
        }
        #expect(throws: EncodingError.self) {
            try JSONEventEncoder().encode([Repeated(keys: [.a]), Repeated(keys: [.b, .b])])
        }
    }

    @Test func `a decoder that is kept cannot reach the text any more`() async {
        await #expect(processExitsWith: .failure) {
            struct Keeper: Decodable {
                let decoder: any Decoder
                init(from decoder: any Decoder) { self.decoder = decoder }
            }
            let keeper = try JSONEventDecoder().decode(Keeper.self, from: Array("1".utf8))
            _ = try keeper.decoder.singleValueContainer().decode(Int.self)
        }
    }
}

struct AgreementTests {
    private struct Sample: Codable, Equatable {
        var a: Int
        var b: String?
        var c: [UInt8]
        var d: Double
    }

    /// Whether both decoders accept a text, and whether what they make of it is equal.
    private func check<Value: Decodable & Equatable>(_ type: Value.Type, _ text: String) {
        let theirs = try? JSONDecoder().decode(type, from: Data(text.utf8))
        let ours = try? JSONEventDecoder().decode(type, from: Array(text.utf8))
        #expect(ours == theirs, "\(type) from \(text)")
    }

    @Test(arguments: [
        "0", "-0", "1", "127", "128", "-128", "-129", "255", "256", "1.0", "1.5", "1e2", "1E-2",
        "100e-2", "65536", "4294967296", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "18446744073709551616", "1e400", "-1e400", "\"1\"", "true", "null", "[]", "{}", "", "01",
    ])
    func `reads numbers as Foundation does`(text: String) {
        check(Int.self, text)
        check(Int8.self, text)
        check(Int16.self, text)
        check(Int32.self, text)
        check(Int64.self, text)
        check(UInt.self, text)
        check(UInt8.self, text)
        check(UInt16.self, text)
        check(UInt32.self, text)
        check(UInt64.self, text)
        check(Double.self, text)
        check(Bool.self, text)
        check(String.self, text)
        check(Int?.self, text)
        check([Int].self, text)
        check([String: Int].self, text)
    }

    @Test(arguments: [
        #"{"a":1,"c":[],"d":0.5}"#, #"{"d":2,"c":[1,255],"b":null,"a":-1}"#,
        #"{"a":1,"b":"x","c":[256],"d":1}"#, #"{"a":1,"c":[],"d":"1"}"#, #"{"a":1,"d":1}"#,
        #"{"a":null,"c":[],"d":1}"#, #"{"a":1,"b":2,"c":[],"d":1}"#, #"{"a":1,"c":{},"d":1}"#,
        #"[]"#, #"{"a":1,"c":[],"d":1,"more":{"x":[1,2]}}"#, #"{"a":1,"c":[],"d":1}x"#,
        #"{"a":1,"c":[],"d":1"#, #"{"a":1.0,"c":[1e0],"d":1e0}"#,
        "{\"a\":1,\"c\":[],\"d\":1,\"b\":\"\\ud800\"}",
    ])
    func `reads structures as Foundation does`(text: String) {
        check(Sample.self, text)
        check([String: Int?].self, text)
    }

    @Test func `refuses the same key twice`() {
        #expect(throws: DecodingError.self) {
            try JSONEventDecoder().decode([String: Int].self, from: Array(#"{"a":1,"a":2}"#.utf8))
        }
    }

    @Test(arguments: [
        (#"{"inner":{"a":[{"the a":[],"x":1},{"the a":5}]}}"#, ["inner", "a"])
    ])
    func `names the way to the place`(text: String, start: [String]) {
        struct Outer: Decodable { var inner: Middle }
        struct Middle: Decodable { var a: [Everything.Inner] }
        let error = #expect(throws: DecodingError.self) {
            try JSONEventDecoder().decode(Outer.self, from: Array(text.utf8))
        }
        guard case .typeMismatch(_, let context)? = error else {
            Issue.record("Another error was expected.")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["inner", "a", "Index 1", "the a"])
        #expect(context.codingPath[2].intValue == 1)
    }
}
