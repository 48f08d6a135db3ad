import Testing

/// The words of the glossary, held against the names that the code declares.
@Suite struct NameTests {
    @Test func `no declaration uses a word in a meaning the glossary rules out`() throws {
        for source in try Repository.sources(below: "Sources") {
            expectNone(ruledOutNames(in: source))
            expectNone(misnamedPlaces(in: source))
        }
    }

    @Test func `ruled out names are found`() {
        let text = """
            let globalPosition = 1
            func read(from streamVersion: Int, expectedVersion: Int) {}
            struct EventVersion {}
            var checkpoint: Int
            case lastCheckpoint(Int)
            func load(after eventOffset: Int) {}
            var offset = 0
            struct FrameHeader {}
            let record = 1
            let segmentFile = 1
            for (idx, evt) in pairs {}
            guard let cfg, let msgCount = count else { return }
            let recordedTime = 1
            let message = "let ctx"
            { (seq: Int) in seq }
            func use(_ ctx: Context, tmp: Int) {}
            use(buf: 1, len: count)
            """
        let source = SourceFile(path: "Sources/Processing/Sample.swift", text: text)
        #expect(
            ruledOutNames(in: source).map(\.line) == [
                1, 2, 2, 3, 4, 5, 6, 8, 9, 10, 11, 11, 12, 12, 15, 16, 16,
            ]
        )
    }

    @Test func `a place of an event under a wrong name is found`() {
        let text = """
            func read(after offset: Position) {}
            var version: Sequence?
            var offset: Int
            let formatVersion: UInt32
            """
        let source = SourceFile(path: "Sources/Processing/Sample.swift", text: text)
        #expect(misnamedPlaces(in: source).map(\.line) == [1, 2])
    }

    @Test func `words are allowed where they belong`() {
        let text = "struct FrameHeader { let frame: Int }"
        let screen = SourceFile(path: "Sources/Screen/Sample.swift", text: text)
        #expect(ruledOutNames(in: screen).isEmpty)
        let log = SourceFile(path: "Sources/EventLog/Sample.swift", text: "let record = 1")
        #expect(ruledOutNames(in: log).isEmpty)
    }

    @Test func `names fall into words`() {
        #expect(words(of: "maxURLCount") == ["max", "url", "count"])
        #expect(words(of: "_snake_case2") == ["snake", "case2"])
        #expect(words(of: "JSONText") == ["json", "text"])
    }
}

/// A word, or several in a row, with what to say instead, and where it is right all the same.
private struct RuledOutWord {
    let words: [String]
    let instead: String
    var targets: Set<String> = []

    init(_ words: String..., instead: String, exceptIn targets: Set<String> = []) {
        self.words = words
        self.instead = instead
        self.targets = targets
    }

    private static let console: Set = [
        "Screen", "ConsoleModel", "ConsoleViews", "Terminal", "Recount", "RecountBenchmarks",
    ]

    static let all: [RuledOutWord] = [
        RuledOutWord("global", "position", instead: "position"),
        RuledOutWord("stream", "version", instead: "sequence"),
        RuledOutWord("expected", "version", instead: "expectation"),
        RuledOutWord("event", "version", instead: "revision"),
        RuledOutWord("schema", "version", instead: "revision"),
        RuledOutWord("event", "offset", instead: "position"),
        RuledOutWord("stream", "offset", instead: "sequence"),
        RuledOutWord("log", "offset", instead: "position"),
        RuledOutWord("checkpoint", instead: "tracking token", exceptIn: ["Recovery"]),
        RuledOutWord("frame", instead: "record", exceptIn: console),
        RuledOutWord("frames", instead: "records", exceptIn: console),
        RuledOutWord("record", instead: "event", exceptIn: ["EventLog", "Recovery"]),
        RuledOutWord("records", instead: "events", exceptIn: ["EventLog", "Recovery"]),
        RuledOutWord("log", "segment", instead: "log file"),
        RuledOutWord("segment", "file", instead: "log file"),
        RuledOutWord("ctx", instead: "context"),
        RuledOutWord("cfg", instead: "configuration"),
        RuledOutWord("config", instead: "configuration"),
        RuledOutWord("msg", instead: "message"),
        RuledOutWord("idx", instead: "index"),
        RuledOutWord("evt", instead: "event"),
        RuledOutWord("seq", instead: "sequence"),
        RuledOutWord("pos", instead: "position"),
        RuledOutWord("num", instead: "number"),
        RuledOutWord("tmp", instead: "temporary"),
        RuledOutWord("buf", instead: "buffer"),
        RuledOutWord("len", instead: "length"),
        RuledOutWord("cnt", instead: "count"),
        RuledOutWord("mgr", instead: "a word for what it does"),
        RuledOutWord("impl", instead: "a word for what it does"),
        RuledOutWord("util", instead: "a word for what it does"),
        RuledOutWord("utils", instead: "a word for what it does"),
    ]
}

private func ruledOutNames(in source: SourceFile) -> [Finding] {
    let rules = RuledOutWord.all.filter { !$0.targets.contains(source.target) }
    var broken: [String: RuledOutWord] = [:]
    var seen: Set<String> = []
    return source.codeLines.flatMap { index -> [Finding] in
        // Most lines hold no such word at all, and need not be taken apart any further.
        let names = identifiers(in: source.code[index])
        for name in names where seen.insert(name).inserted {
            let words = words(of: name)
            broken[name] = rules.first { words.contains($0.words) }
        }
        guard names.contains(where: { broken[$0] != nil }) else { return [] }
        return declaredNames(in: source.code[index]).compactMap { name in
            broken[name].map { source.finding(index, "\(name): say \($0.instead).") }
        }
    }
}

/// Offsets count bytes, versions formats; the place of an event is a position or a sequence.
private func misnamedPlaces(in source: SourceFile) -> [Finding] {
    source.matches(of: /(\w*(?:[oO]ffset|[vV]ersion)\w*)\s*:\s*(Position|Sequence)\b/)
        .map { source.finding($0, "\($1.1) is a \($1.2); call it so.") }
}

/// Everything in a line that could be a name.
private func identifiers(in line: String) -> [String] {
    line.utf8.split { byte in
        !(0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x5F)
    }
    .map { String(Substring($0)) }
}

/// The names of types, functions, cases, properties, variables and parameters that a line
/// declares.
private func declaredNames(in line: String) -> [String] {
    let declaration =
        /\b(?:func|let|var|case|struct|enum|class|protocol|actor|typealias|for)\s+(?:let\s+)?(\w+)/
    let pattern = /\b(?:let|var|for)\s+\(([\w\s,]+)\)/
    // A type follows the name of a parameter, a value that of an argument.
    let parameter = /[(,]\s*(?:(\w+)\s+)?(\w+)\s*:\s+(?:inout|some|any|[A-Z@\[(])/
    let loneParameter = /^\s+(?:(\w+)\s+)?(\w+)\s*:\s+(?:inout|some|any|[A-Z@\[(]).*,?$/
    var names = line.matches(of: declaration).map { String($0.1) }
    for match in line.matches(of: pattern) {
        names += match.1.split { " ,".contains($0) }.map(String.init)
    }
    for match in line.matches(of: parameter) {
        names += [match.1, match.2].compactMap { $0.map(String.init) }
    }
    if let match = line.wholeMatch(of: loneParameter) {
        names += [match.1, match.2].compactMap { $0.map(String.init) }
    }
    return Set(names).sorted()
}

/// The words of a name in lower case: `maxURLCount` has `max`, `url` and `count`.
private func words(of name: String) -> [String] {
    name.matches(of: /[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/).map { $0.output.lowercased() }
}
