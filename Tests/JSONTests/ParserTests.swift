import JSON
import Testing

struct ParserTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "1e5", "1E+5", "1e-5", "0.0",
        "-0.1e2", "1e400", "123456789012345678901234567890", " \t\r\n1 \t\r\n", "\"\"", "\"a\"",
        "[]", "{}", "[[]]", "[1,2]", "[ 1 , 2 ]", "{\"a\":1}", "{ \"a\" : [ ] }",
        #""\u0000""#, #""\"\\\/\b\f\n\r\t\u00e9\u00E9""#, #""\uD834\uDD1E""#, "\"\u{7F}\"",
        "\"\u{2028}\"", "\"é𝄞\"", #"{"":0}"#, #"{"a":{"a":1},"b":[{"a":1}]}"#, #"["a","b"]"#,
        #""\\""#, #""\\\"""#, "[\"a,b:{}[]\"]",
    ])
    func `accepts what RFC 8259 allows`(text: String) throws {
        var parser = JSONParser()
        let view = try parser.parse(text.utf8.span)
        #expect(view.byteOffset >= 0)
    }

    @Test(arguments: [
        ("", 0, JSONError.Reason.empty), (" \n", 0, .empty), ("nul", 0, .invalidLiteral),
        ("nulll", 0, .invalidLiteral), ("True", 0, .unexpectedByte), ("NaN", 0, .unexpectedByte),
        ("Infinity", 0, .unexpectedByte), ("-Infinity", 0, .invalidNumber),
        ("+1", 0, .unexpectedByte), ("01", 0, .invalidNumber), ("-", 0, .invalidNumber),
        ("-01", 0, .invalidNumber), (".5", 0, .unexpectedByte), ("1.", 0, .invalidNumber),
        ("1.e1", 0, .invalidNumber), ("1e", 0, .invalidNumber), ("1e+", 0, .invalidNumber),
        ("0x1", 0, .invalidNumber), ("1a", 0, .invalidNumber), ("[1\"a\"]", 1, .invalidNumber),
        ("[true\"a\"]", 1, .invalidLiteral), ("1 2", 2, .trailingContent),
        ("{} x", 3, .trailingContent), ("[]]", 2, .trailingContent),
        ("[1,]", 3, .unexpectedByte), ("[,1]", 1, .unexpectedByte), ("[1 2]", 3, .unexpectedByte),
        ("[1", 2, .unexpectedEnd), ("[", 1, .unexpectedEnd), ("[1,", 3, .unexpectedEnd),
        ("{", 1, .unexpectedEnd), ("{\"a\"", 4, .unexpectedEnd), ("{\"a\":", 5, .unexpectedEnd),
        ("{\"a\" 1}", 5, .unexpectedByte), ("{\"a\":1,}", 7, .unexpectedByte),
        ("{a:1}", 1, .unexpectedByte), ("{1:1}", 1, .unexpectedByte),
        ("{'a':1}", 1, .unexpectedByte), ("[1}", 2, .unexpectedByte), ("{]", 1, .unexpectedByte),
        ("[1:2]", 2, .unexpectedByte), (":", 0, .unexpectedByte), ("]", 0, .unexpectedByte),
        ("\"a", 0, .unclosedString), ("[\"a]", 1, .unclosedString), ("\"a\\\"", 0, .unclosedString),
        ("\"a\"b\"", 4, .unclosedString), ("\"a\"b", 3, .trailingContent),
        ("\"a\"\"b\"", 3, .trailingContent), ("[\"a\"b]", 4, .unexpectedByte),
        ("\"a\nb\"", 2, .controlCharacter), ("\"\u{0}\"", 1, .controlCharacter),
        ("\"\t\"", 1, .controlCharacter), (#""\x""#, 1, .invalidEscape),
        (#""\u12""#, 1, .invalidEscape), (#""ab\u12G4""#, 3, .invalidEscape),
        (#""\U0041""#, 1, .invalidEscape), (#""\ud800""#, 1, .loneSurrogate),
        (#""\udc00""#, 1, .loneSurrogate), (#""\ud800\ud800""#, 1, .loneSurrogate),
        (#""\ud800a""#, 1, .loneSurrogate), (#""\ud800\n""#, 1, .loneSurrogate),
        (#"\"a""#, 0, .unexpectedByte), ("// c\n1", 0, .unexpectedByte),
        ("[1,/**/2]", 3, .unexpectedByte), ("\u{FEFF}1", 0, .byteOrderMark),
        ("[1\u{0C}]", 1, .invalidNumber), ("[\u{0C}1]", 1, .unexpectedByte),
        ("[1\u{A0}]", 1, .invalidNumber), (#"{"a":1,"a":2}"#, 7, .duplicateKey),
        (#"{"a":1,"\u0061":2}"#, 7, .duplicateKey), (#"{"x":{"b":1,"b":2}}"#, 12, .duplicateKey),
    ])
    func `refuses everything else, naming place and reason`(
        text: String,
        byteOffset: Int,
        reason: JSONError.Reason
    ) {
        #expect(throws: JSONError(byteOffset: byteOffset, reason: reason)) {
            try JSONValue(parsing: text)
        }
    }

    @Test(
        arguments: [
            ([0x80], 0), ([0x22, 0xC0, 0xAF, 0x22], 1), ([0x22, 0xC3, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0xE0, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xF0, 0x9D, 0x84], 1), ([0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], 1),
        ] as [([UInt8], Int)]
    )
    func `refuses malformed UTF-8 at its first byte`(bytes: [UInt8], byteOffset: Int) {
        #expect(throws: JSONError(byteOffset: byteOffset, reason: .invalidUTF8)) {
            try JSONValue(parsing: bytes)
        }
    }

    @Test func `limits the depth exactly`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONValue(parsing: nested(64)).kind == .array)
        #expect(throws: JSONError(byteOffset: 64, reason: .tooDeep)) {
            try JSONValue(parsing: nested(65))
        }
        #expect(throws: JSONError(byteOffset: 0, reason: .tooDeep)) {
            try JSONValue(parsing: "[]", options: JSONOptions(depthMax: 0))
        }
        #expect(throws: JSONError(byteOffset: 64, reason: .tooDeep)) {
            try JSONValue(parsing: String(repeating: "[", count: 1_000_000))
        }
    }

    @Test func `finds one duplicate among many keys, however they collide`() throws {
        let keys = (0..<50_000).map { "\"key\($0)\":\($0)" }
        let text = "{\(keys.joined(separator: ","))}"
        #expect(try JSONValue(parsing: text).object?.count == 50_000)
        let doubled = "{\(keys.joined(separator: ",")),\"key777\":0}"
        #expect(throws: JSONError(byteOffset: text.utf8.count, reason: .duplicateKey)) {
            try JSONValue(parsing: doubled)
        }
    }

    @Test func `keeps the last of duplicate keys where they are allowed`() throws {
        let options = JSONOptions(rejectsDuplicateKeys: false)
        let value = try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#, options: options)
        #expect(value.description == #"{"a":3,"b":2}"#)
    }

    @Test func `reads every part of a text where it stands`() throws {
        let text = #" {"name" : "A\u00e9", "list":[1, 2.50 ,{"x":null}], "on":true,"plain":"p"} "#
        var parser = JSONParser()
        let view = try parser.parse(text.utf8.span)
        #expect(view.kind == .object)
        #expect(view.count == 4)
        #expect(view.byteOffset == 1)
        #expect(view.member("name")?.string == "Aé")
        #expect(view.member("name")?.isString(equalTo: "Aé") == true)
        #expect(view.member("name")?.isString(equalTo: "Ae") == false)
        let escapedCount = view.member("name")?.plainStringBytes?.count
        let plainCount = view.member("plain")?.plainStringBytes?.count
        let absentKind = view.member("absent")?.kind
        #expect(escapedCount == nil)
        #expect(plainCount == 1)
        #expect(absentKind == nil)
        #expect(view.member("on")?.boolean == true)
        #expect(view.member(named: "plain")?.isString(equalTo: "p") == true)
        guard let list = view.member("list") else {
            Issue.record("The list is missing.")
            return
        }
        #expect(self.text(of: list) == #"[1, 2.50 ,{"x":null}]"#)
        var texts: [String] = []
        var elements = list.elements
        while let element = elements.next() { texts.append(self.text(of: element)) }
        #expect(texts == ["1", "2.50", #"{"x":null}"#])
        var keys: [String] = []
        var members = view.members
        while let member = members.next() { keys.append(member.key.string ?? "") }
        #expect(keys == ["name", "list", "on", "plain"])
    }

    private func text(of view: borrowing JSONView) -> String {
        view.rawBytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `is ready again after an error and for longer texts`() throws {
        var parser = JSONParser()
        for length in [1, 100, 5000, 100_000, 3] {
            #expect(throws: JSONError.self) { try parser.parse("[1,".utf8.span).count }
            let text = "[" + Array(repeating: "1", count: length).joined(separator: ",") + "]"
            #expect(try parser.parse(text.utf8.span).count == length)
        }
    }

    @Test func `gives the same answer at every length around a block of 64 bytes`() throws {
        var parser = JSONParser()
        for padding in 0..<200 {
            let filler = String(repeating: "x", count: padding)
            let text = "{\"\(filler)\":[\"\\\\\",\"\\\"\",12]}"
            #expect(try parser.parse(text.utf8.span).value.description == text)
            for cut in 0..<text.utf8.count {
                let part = text.utf8.span.extracting(..<cut)
                #expect(throws: JSONError.self) { try parser.parse(part).count }
            }
        }
    }

    @Test func `parses inside a class that keeps the parser`() throws {
        final class Holder {
            var parser = JSONParser()
            func sum(_ text: [UInt8]) throws -> Int64 {
                try Holder.sum(text, with: &parser)
            }

            static func sum(_ text: [UInt8], with parser: inout JSONParser) throws -> Int64 {
                let view = try parser.parse(text.span)
                var sum: Int64 = 0
                var elements = view.elements
                while let element = elements.next() { sum += element.integer ?? 0 }
                return sum
            }
        }
        #expect(try Holder().sum(Array("[1,2,3]".utf8)) == 6)
    }
}
