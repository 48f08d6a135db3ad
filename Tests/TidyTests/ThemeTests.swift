import Screen
import Testing
import YAML

@Suite struct ThemeTests {
    @Test func `every theme loads under the name of its file`() throws {
        let names = try Repository.names(in: "themes")
        #expect(!names.isEmpty)
        for name in names {
            let theme = try loadTheme(try Repository.text(of: "themes/\(name)"))
            #expect(theme.slug + ".yaml" == name)
            #expect(!theme.name.isEmpty && !theme.author.isEmpty)
        }
    }

    @Test func `a theme with an unknown role does not load`() throws {
        let text = try Repository.text(of: "themes/mono.yaml")
        let changed = text.split(separator: "lag.warn", maxSplits: 1).joined(separator: "lag.wrong")
        let error = #expect(throws: ThemeError.self) { try loadTheme(changed) }
        #expect(error?.message.contains("lag.wrong") == true && error?.line ?? 0 > 24)
    }
}

private func loadTheme(_ text: String) throws -> Theme {
    try Theme(ThemeNode(try YAMLNode(parsing: text)))
}

extension ThemeNode {
    fileprivate init(_ node: YAMLNode) {
        let value: ThemeNode.Value =
            switch node.content {
            case .scalar(let text, _): .scalar(text)
            case .sequence(let nodes): .sequence(nodes.map { ThemeNode($0) })
            case .mapping(let entries):
                .mapping(entries.map { Entry($0.name, ThemeNode($0.value)) })
            }
        self.init(value, line: node.line, column: node.column)
    }
}
