import JSON
import ProgramFixture
import RecountTesting
import Testing

extension JSONValue {
    /// A member that is a whole number; -1 where it is none.
    fileprivate func number(_ key: String) -> Int64 { self[key]?.integer ?? -1 }
}

/// Groups that are split and merged from the command line.
@Suite struct SegmentVerbTests {
    @Test func `the guide's commands do what it says`() throws {
        let page = "Sources/Recount/Recount.docc/Guides/SharingGroups.md"
        let directory = TemporaryDirectory()
        let outputs = try DocumentShell.blocks("sh", of: page).map {
            try DocumentShell.run($0, in: directory.path)
        }
        try #require(outputs.count == 4)
        let last = outputs[1].split(separator: "\n").last.map(String.init) ?? ""
        let status = try JSONValue(parsing: last)
        let tokens = try #require(status["tokens"]?.array)
        #expect(status["segments"] == 3 && tokens.map { $0["segment"] } == [0, 1, 2])
        #expect(tokens.map { $0["of"] } == [4, 2, 4])
        let positions = tokens.map { $0.number("position") }
        #expect(positions.min() == status.number("position"))
        let standing = try JSONValue(parsing: outputs[2])
        #expect(standing["isCurrent"] == true && standing["segment"]?.integer != nil)
        #expect(outputs[3].contains("merged segments 0 of 4 and 2 of 4"))
        #expect(outputs[3].contains("merged segments 0 of 2 and 1 of 2"))
        let store = directory.path + "/shop.store"
        let table = try Program.run("table", store, "totals", "totals", "--json")
        #expect(table.output.split(separator: "\n").count == 3)
    }

    @Test func `what cannot be split or merged is refused with the reason`() throws {
        let directory = TemporaryDirectory()
        let store = directory.path + "/shop.store"
        #expect(try Program.run("init", store).status == 0)
        let missing = try Program.run("split", store, "sales", "--reason", "r")
        #expect(missing.status != 0 && missing.messages.contains("sales"))
        let wrong = try Program.run("split", store, "sales", "--segment", "x", "--reason", "r")
        #expect(wrong.status == 2)
    }
}
