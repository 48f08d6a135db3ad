import Screen
import Testing

@testable import ReadModels

/// Holds the tables of several pages against the code.
@Suite struct TablePageTests {
    @Test func `the columns of a group's progress are as the page says`() throws {
        let page = try #require(try Page.named("GroupDatabase"))
        let told = page.table(after: "Tables").map { names(in: $0[0]) }
        #expect(told == columns(of: ProgressSQL.create).map { [$0] })
    }

    @Test func `the columns of a group's dead letters are as the page says`() throws {
        let page = try #require(try Page.named("GroupDatabase"))
        let told = page.table(after: "Dead letters").map { names(in: $0[0]) }
        #expect(told == columns(of: LetterSQL.createLetters).map { [$0] })
    }

    @Test func `the columns of a group's effects are as the page says`() throws {
        let page = try #require(try Page.named("GroupDatabase"))
        let told = page.table(after: "Effects").map { names(in: $0[0]) }
        #expect(told == columns(of: EffectSQL.createEffects).map { [$0] })
    }

    @Test func `the roles of themes are as the page says`() throws {
        let page = try #require(try Page.named("Themes"))
        let told = page.table(after: "Roles").flatMap { names(in: $0[0]) }
        #expect(told.sorted() == StyleRole.allCases.map(\.name).sorted())
    }

    @Test func `the layers are as the page says`() throws {
        let page = try #require(try Page.named("Architecture"))
        let told = page.table(after: "Layers").map { ($0[0], names(in: $0[1])) }
        #expect(told.map(\.0) == Layer.all.map(\.name))
        for (layer, told) in zip(Layer.all, told.map(\.1)) where !told.isEmpty {
            // The last layer's executables are told in words.
            let targets = layer.entries.map(\.target).prefix(told.count)
            #expect(told == Array(targets), "\(layer.name)")
        }
    }

    @Test func `names and columns are read`() {
        #expect(names(in: "`a`, b and `c.d`") == ["a", "c.d"])
        #expect(
            columns(of: "CREATE TABLE a (\n    b TEXT,\n    c INTEGER\n) STRICT") == ["b", "c"]
        )
    }
}

/// What stands between backticks.
private func names(in cell: String) -> [String] {
    cell.matches(of: /`([^`]*)`/).map { String($0.1) }
}

/// The names of the columns that a statement with one on each line makes.
private func columns(of statement: String) -> [String] {
    statement.split(separator: "\n").compactMap { line in
        line.firstMatch(of: /^ {4}(\w+)\s/).map { String($0.1) }
    }
}
