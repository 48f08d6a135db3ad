import EventModel
import Recount
import Testing

private let verb = Verb(
    "test",
    "Test",
    operands: [.store, Operand("FILE", "Files.", count: .many)],
    options: [
        VerbOption("count", "N", "A number."), VerbOption("all", nil, "A flag."),
        VerbOption("tag", "K:V", "Tags.", isRepeatable: true),
        VerbOption("at", "T", "A time."), VerbOption("reason", "R", "Why.", isRequired: true),
    ],
    examples: [Example("test x", "Test.")],
    run: { _ in .done }
)

private func parse(_ arguments: String...) throws -> VerbArguments {
    try VerbParser.parse(["--reason", "r"] + arguments, for: verb, of: "shop")
}

@Test func `options and operands may stand in any order`() throws {
    let arguments = try parse("a.store", "--count=3", "x", "--all", "y", "--tag", "a:b", "--tag=c:")
    #expect(arguments.operand("STORE") == "a.store")
    #expect(arguments.operands("FILE") == ["x", "y"])
    #expect(try arguments.count("count") == 3)
    #expect(arguments.has("all") && !arguments.has("at"))
    #expect(try arguments.tags("tag").map(\.description) == ["a:b", "c:"])
}

@Test func `two hyphens end the options, and one is an operand`() throws {
    let arguments = try parse("-", "--count", "1", "--", "--all", "--", "x")
    #expect(arguments.operand("STORE") == "-")
    #expect(arguments.operands("FILE") == ["--all", "--", "x"])
    #expect(!arguments.has("all"))
}

@Test func `a value may be empty or hold equals signs, and begin with hyphens behind one`() throws {
    let arguments = try parse("s", "f", "--tag=", "--tag", "a=b", "--tag=--x", "--count=")
    #expect(arguments.texts("tag") == ["", "a=b", "--x"])
    #expect(throws: CommandFailure.self) { try arguments.count("count") }
}

@Test(
    "arguments that make no sense are refused with what to do",
    arguments: [
        (["s"], "FILE is missing"),
        ([], "STORE is missing"),
        (["s", "f", "--cuont", "3"], "there is no option '--cuont'; did you mean '--count'"),
        (["s", "f", "-x"], "there is no option '-x'"),
        (["s", "f", "--count"], "the option '--count' needs a value: --count N"),
        (["s", "f", "--count", "--all"], "the option '--count' needs a value: --count N"),
        (["s", "f", "--all=yes"], "the option '--all' takes no value"),
        (["s", "f", "--all", "--all"], "the option '--all' is given twice"),
        (["s", "f", "--reason", "twice"], "the option '--reason' is given twice"),
    ]
)
func refusals(_ arguments: [String], _ message: String) throws {
    let failure = #expect(throws: CommandFailure.self) {
        try VerbParser.parse(["--reason", "r"] + arguments, for: verb, of: "shop")
    }
    #expect(failure?.status == .wrongUsage)
    #expect(failure?.message == "test: \(message); see 'shop test --help'")
}

@Test func `a required option must be there`() {
    let failure = #expect(throws: CommandFailure.self) {
        try VerbParser.parse(["s", "f"], for: verb, of: "shop")
    }
    #expect(failure?.message.contains("the option '--reason' is missing") == true)
}

@Test func `values are read as what they stand for, or refused`() throws {
    let arguments = try parse(
        "s",
        "f",
        "--at",
        "2026-11-20T03:47:00",
        "--count",
        "-1",
        "--tag",
        "x"
    )
    #expect(throws: CommandFailure.self) { try arguments.time("at") }
    #expect(throws: CommandFailure.self) { try arguments.count("count") }
    #expect(throws: CommandFailure.self) { try arguments.tags("tag") }
    let time = try parse("s", "f", "--at", "2026-11-20T03:47:00+01:00").time("at")
    #expect(time == Timestamp("2026-11-20T02:47:00Z"))
}

@Test func `suggestions are near, or there is none`() {
    let words = ["import", "export", "events", "streams"]
    #expect(Suggestion.nearest(to: "improt", among: words) == "import")
    #expect(Suggestion.nearest(to: "stream", among: words) == "streams")
    #expect(Suggestion.nearest(to: "quux", among: words) == nil)
    #expect(Suggestion.nearest(to: "", among: words) == nil)
}
