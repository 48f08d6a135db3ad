import Testing
import YAML

struct HostileTests {
    private func error(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLError? {
        #expect(throws: YAMLError.self) { try YAMLNode(parsing: text, limits: limits) }
    }

    @Test(arguments: [
        ("", 1, 1, "no document"), ("# nothing\n", 1, 1, "no document"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "given twice"), ("a: 1\n\"a\": 2\n", 2, 1, "given twice"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"), ("[a]: 1\n", 1, 1, "must be a scalar"),
        ("a: *x\n", 1, 4, "does not stand before it"),
        ("a: &x [*x]\n", 1, 8, "inside what it names"),
        ("a: !!str 5\n", 1, 4, "tags"), ("a: !ruby/object {}\n", 1, 4, "tags"),
        ("a:\n\tb: 1\n", 2, 1, "cannot start any token"), ("a: [1, 2\n", 2, 1, "did not find"),
        ("a: \"x\n", 2, 1, "unexpected end"), ("a: 'b' c\n", 1, 8, "did not find"),
        ("a: 1\n b: 2\n", 2, 3, "mapping values are not allowed"),
        ("a: \u{7}\n", 1, 4, "control characters"),
        ("ü: 1\nb: \u{0}\n", 2, 4, "control characters"),
    ])
    func `names line, column and reason`(text: String, line: Int, column: Int, reason: String) {
        let error = error(text)
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test(
        arguments: [
            [0x61, 0x3A, 0x20, 0xFF], [0x61, 0x3A, 0x20, 0xC0, 0xAF], [0x61, 0x3A, 0x20, 0xC3],
            [0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80],
        ] as [[UInt8]]
    )
    func `refuses malformed UTF-8`(bytes: [UInt8]) {
        let error = #expect(throws: YAMLError.self) { try YAMLNode(parsing: bytes) }
        #expect(error?.line == 1)
        #expect(error?.column == 4)
    }

    @Test func `refuses UTF-16 and accepts a byte order mark of UTF-8`() throws {
        #expect(throws: YAMLError.self) {
            try YAMLNode(parsing: [0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00, 0x20, 0x00])
        }
        #expect(try YAMLNode(parsing: "\u{FEFF}a: 1")["a"]?.integer == 1)
    }

    @Test func `stops aliases that multiply`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(error(text)?.reason == "the document has more than 100000 nodes")
    }

    @Test func `limits depth, size and the number of nodes`() throws {
        let limits = YAMLLimits(sizeMax: 100, depthMax: 3, nodeCountMax: 10)
        #expect(try YAMLNode(parsing: "[[[x]]]", limits: limits).sequence?.count == 1)
        #expect(error("[[[[x]]]]", limits: limits)?.column == 4)
        #expect(error("[1,2,3,4,5,6,7,8,9,10]", limits: limits)?.column == 20)
        #expect(
            error(String(repeating: " ", count: 101), limits: limits)?.reason.contains("100")
                == true
        )
        let deep = String(repeating: "[", count: 500_000)
        #expect(error(deep)?.reason == "the nesting is deeper than 64")
        let indented = (0..<1000).map { String(repeating: " ", count: $0) + "- \n" }.joined()
        #expect(error(indented)?.reason == "the nesting is deeper than 64")
    }
}
