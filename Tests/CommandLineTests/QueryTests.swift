import JSON
import ProgramFixture
import RecountTesting
import Testing

/// A store with two events.
private func store(in directory: TemporaryDirectory) throws -> String {
    let path = directory.path + "/test.store"
    #expect(try Program.run("init", path).status == 0)
    for (stream, data) in [("cart-1", #"{"a":1}"#), ("cart-2", #"{"a":"x"}"#)] {
        #expect(try Program.run("append", path, stream, "Added", "--data", data).status == 0)
    }
    return path
}

@Test func `a query shows rows as a table or as objects`() throws {
    let directory = TemporaryDirectory()
    let path = try store(in: directory)
    let sql = "SELECT position, stream, data ->> 'a' AS a, x'00ff' AS a FROM events"
    let table = try Program.run("query", path, sql)
    #expect(table.status == 0)
    #expect(
        table.output == """
            position  stream  a  a
                   1  cart-1  1  x'00ff'
                   2  cart-2  x  x'00ff'

            """
    )
    let objects = try Program.run("query", path, sql, "--json")
    #expect(
        objects.output == """
            {"position":1,"stream":"cart-1","a":1,"a2":"AP8="}
            {"position":2,"stream":"cart-2","a":"x","a2":"AP8="}

            """
    )
    let escape = try Program.run("query", path, "SELECT char(27) || '[2J' AS 'x'")
    #expect(!escape.output.contains("\u{1B}") && escape.output.contains("[2J"))
}

@Test func `a query says what was left out and why it ended`() throws {
    let directory = TemporaryDirectory()
    let path = try store(in: directory)
    let cut = try Program.run("query", path, "SELECT position FROM events", "--limit", "1")
    #expect(cut.status == 0 && cut.output == "position\n       1\n")
    #expect(cut.messages.contains("more rows than 1"))
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    let late = try Program.run(
        "query",
        path,
        endless + "SELECT max(i) FROM n",
        "--time-limit",
        "0.1"
    )
    #expect(late.status == 3 && late.messages.contains("--time-limit"))
    let wrong = try Program.run("query", path, "SELECT nix FROM events")
    #expect(wrong.status == 2)
    #expect(wrong.messages == "recount: error: line 1, column 8: no such column: nix\n")
    #expect(try Program.run("query", path, "DELETE FROM events").status == 3)
    #expect(try Program.run("query", path, "SELECT 1", "--time-limit", "soon").status == 2)
    #expect(try Program.run("query", path + "x", "SELECT 1").status == 4)
    let table = try Program.run("table", path, "nobody")
    #expect(table.status == 1 && table.messages.contains("no processing group nobody"))
}
