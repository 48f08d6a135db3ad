import Glibc
import Testing

@testable import Screen

@Suite struct ThemeFileTests {
    static let checked = ["night-watch", "day-watch", "high-contrast", "mono"]
    static let popular = ["one-dark", "dracula", "solarized-dark"]

    @Test(arguments: checked + popular)
    func `shipped themes load`(slug: String) throws {
        let theme = try ThemeFileTests.theme(slug)
        #expect(theme.slug == slug && !theme.author.isEmpty)
        let name = theme.name.lowercased().map { $0 == " " ? "-" : $0 }
        #expect(String(name) == slug)
    }

    @Test(arguments: checked)
    func `our own themes are readable by everybody`(slug: String) throws {
        #expect(ThemeLint.findings(in: try ThemeFileTests.theme(slug)).map(\.description) == [])
    }

    @Test func `the compiled theme is the one in the file`() throws {
        #expect(try ThemeFileTests.theme("night-watch") == .nightWatch)
    }

    @Test func `high contrast is high`() throws {
        let theme = try ThemeFileTests.theme("high-contrast")
        for role in StyleRole.allCases where ![.border, .surface, .chartFill].contains(role) {
            let colors = theme.colors(of: role)
            let contrast = colors.foreground.contrast(with: colors.background ?? theme.background)
            #expect(contrast >= 7, "\(role)")
        }
    }

    @Test func `mono has no colour at any depth`() throws {
        let theme = try ThemeFileTests.theme("mono")
        for role in StyleRole.allCases {
            let colors = theme.colors(of: role)
            #expect(colors.foreground.isGrey && colors.background?.isGrey ?? true)
            let basic = theme.appearance(of: Style(role), depth: .basic)
            #expect([.standard, .basic(.brightBlack)].contains(basic.foreground), "\(role)")
            #expect(basic.background == .standard, "\(role)")
        }
    }

    static func theme(_ slug: String) throws -> Theme {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try #require(fopen("/\(folder)/themes/\(slug).yaml", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").enumerated()
            .map { (number: $0 + 1, text: $1) }[...]
        return try Theme(node(&lines, indent: 0))
    }

    /// Reads what theme files use of YAML: nested keys with quoted or plain values.
    private static func node(
        _ lines: inout ArraySlice<(number: Int, text: Substring)>,
        indent: Int
    ) -> ThemeNode {
        var entries: [ThemeNode.Entry] = []
        let start = lines.first?.number ?? 0
        while let line = lines.first {
            if line.text.hasPrefix("#") {
                lines.removeFirst()
                continue
            }
            guard line.text.prefix(while: { $0 == " " }).count == indent else { break }
            lines.removeFirst()
            let parts = line.text.dropFirst(indent).split(separator: ":", maxSplits: 1)
            let value = (parts.count > 1 ? parts[1] : "").drop { $0 == " " }
            if value.isEmpty {
                entries.append(.init(String(parts[0]), node(&lines, indent: indent + 2)))
            } else {
                let text = String(value.filter { $0 != "\"" })
                entries.append(
                    .init(
                        String(parts[0]),
                        ThemeNode(.scalar(text), line: line.number, column: indent + 1)
                    )
                )
            }
        }
        return ThemeNode(.mapping(entries), line: start, column: indent + 1)
    }
}
