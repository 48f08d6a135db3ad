import Testing

/// Holds the examples of guides against the tests of this package.
@Suite struct ExamplePageTests {
    @Test("every example is part of a test", arguments: ["Testing", "Aggregates"])
    func examples(_ name: String) throws {
        let page = try #require(try Page.named(name))
        #expect(page.examples.count >= 6)
        let tests = try Repository.sources(below: "Tests/").map { unindented($0.lines) }
        for example in page.examples {
            let text = unindented(example)
            #expect(tests.contains { $0.contains(text) }, "\(text)")
        }
    }

    @Test func `examples are found, and an altered one is in no test`() {
        let page = Page(path: "One.md", text: "a\n```swift\n  b\nc\n```\nd\n```text\ne\n```")
        #expect(page.examples.map(unindented) == ["b\nc", "e"])
        #expect(unindented(["x", "    b", "  c"]).contains("b\nc"))
        #expect(!unindented(["    b", "", "  c"]).contains("b\nc"))
    }
}

extension Page {
    /// The lines between fences.
    fileprivate var examples: [ArraySlice<Substring>] {
        let fences = lines.indices.filter { lines[$0].hasPrefix("```") }
        return stride(from: 0, to: fences.count - 1, by: 2).map { index in
            lines[fences[index] + 1..<fences[index + 1]]
        }
    }
}

/// Lines as one text, each without the spaces before it.
private func unindented(_ lines: some Sequence<Substring>) -> String {
    lines.map { $0.drop { $0 == " " } }.joined(separator: "\n")
}
