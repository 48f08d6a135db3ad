import Disk
import Glibc
import Recount
import Testing

/// Compares a text with the one in a file, or puts it there where `RECORD_GOLDEN` is set.
private func expect(_ text: String, equalsFile path: String) throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = root + "/" + path
    if getenv("RECORD_GOLDEN") != nil {
        let disk = RealDisk()
        if disk.exists(path) { try disk.remove(path) }
        try disk.create(path, size: 0).write(Array(text.utf8).span.bytes, at: 0)
    }
    let file = try RealDisk().open(path, writable: false)
    let recorded = String(decoding: try file.read(0..<file.size()), as: UTF8.self)
    #expect(recorded == text, "RECORD_GOLDEN=1 records the text of the program.")
}

@Test func `the reference page says what the program says`() throws {
    let path = "Sources/Recount/Recount.docc/CommandLine.md"
    try expect(VerbTable().reference, equalsFile: path)
}

@Test func `help has the recorded form`() throws {
    let verb = try #require(VerbTable.standardVerbs.first { $0.name == "import" })
    try expect(
        verb.help(of: "recount"),
        equalsFile: "Tests/CommandLineTests/Golden/import-help.txt"
    )
}

@Test("every verb is described", arguments: VerbTable.standardVerbs.map(\.name))
func descriptions(_ name: String) throws {
    let verb = try #require(VerbTable.standardVerbs.first { $0.name == name })
    #expect(!verb.summary.isEmpty && !verb.summary.hasSuffix("."))
    #expect(!verb.examples.isEmpty)
    #expect(verb.examples.allSatisfy { $0.call.hasPrefix(name) && $0.explanation.hasSuffix(".") })
    #expect(verb.options.allSatisfy { $0.help.hasSuffix(".") })
    #expect(verb.operands.allSatisfy { $0.help.hasSuffix(".") })
    let lines = verb.help(of: "recount").split(separator: "\n").filter {
        !$0.hasPrefix("  recount")
    }
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(VerbTable().overview.contains("  \(name)"))
}

@Test func `help names the program that it is the help of`() throws {
    let table = VerbTable(program: "shop")
    let verb = try #require(table.verbs.first { $0.name == "import" })
    for text in [table.overview, verb.help(of: table.program)] {
        #expect(text.contains("Usage: shop ") && !text.contains("recount "))
    }
}

@Test func `names of verbs and options are not used twice`() {
    let names = VerbTable.standardVerbs.map(\.name)
    #expect(Set(names).count == names.count)
    for verb in VerbTable.standardVerbs {
        #expect(Set(verb.options.map(\.name)).count == verb.options.count)
    }
}

@Test(
    "numbers are grouped",
    arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (1_234_567, "1,234,567"),
    ]
)
func grouping(_ number: Int, _ text: String) {
    #expect(NumberFormat.grouped(number) == text)
}
