import Testing

/// Rules about the form of code that the formatter does not know.
@Suite struct FormTests {
    @Test(arguments: FormRule.allCases)
    func `every file keeps the rule`(rule: FormRule) throws {
        for source in try Repository.sources() {
            expectNone(rule.findings(in: source))
        }
    }

    @Test(arguments: FormRule.allCases)
    func `a violation is found`(rule: FormRule) {
        let sample = rule.violation
        let source = SourceFile(path: "Sources/EventLog/Sample.swift", text: sample.text)
        #expect(rule.findings(in: source).map(\.line) == sample.lines)
    }

    @Test func `other files have no leftovers, no tabs and no space at the end of lines`() throws {
        for folder in ["Sources", "themes"] {
            let endings = [".md", ".yaml", ".h", ".c", ".cpp", ".modulemap"]
            for path in try Repository.files(below: folder, ending: endings) {
                let source = SourceFile(path: path, text: try Repository.text(of: path))
                expectNone(FormRule.whiteSpace.findings(in: source))
                if !path.hasSuffix(".md") { expectNone(FormRule.leftovers.findings(in: source)) }
            }
        }
    }
}

/// One rule about the form of a file.
enum FormRule: CaseIterable {
    /// Nothing is left for later.
    case leftovers
    /// Nothing traps where an error is due.
    case traps
    /// Whatever the compiler is asked to believe has its reason beside it.
    case unchecked
    /// No tabs, and no white space at the end of a line.
    case whiteSpace
    /// No line has more than 100 characters, but for rows of tables and texts, which cannot be
    /// broken.
    case lineLength
    /// No file of sources has more than 500 lines.
    case fileLength
    /// No function of sources has a body of more than 60 lines.
    case functionLength

    /// Where a file breaks the rule.
    func findings(in source: SourceFile) -> [Finding] {
        switch self {
        case .leftovers: leftWords(in: source)
        case .traps: trappingCode(in: source)
        case .unchecked: unexplained(in: source)
        case .whiteSpace: spoiltLines(in: source)
        case .lineLength: longLines(in: source)
        case .fileLength: longFile(source)
        case .functionLength: longFunctions(in: source)
        }
    }

    /// A text that breaks the rule, and the lines on which it does.
    var violation: (text: String, lines: [Int]) {
        switch self {
        case .leftovers:
            (
                "let a = 1  // TODO\n/// FIXME: b\n/* XXX */\nlet TODO = \"TODO <U+XXXX>\"",
                [1, 2, 3]
            )
        case .traps:
            (
                """
                let a = try! f()  // try! in a comment
                let b = c as! D
                fatalError("as!")
                var e: F!
                let g = h!.i, j = k[0]!
                if !l, m != n { print("o! \\(p!)") }
                """,
                [1, 2, 3, 4, 5, 5, 6]
            )
        case .unchecked:
            (
                """
                final class A: @unchecked Sendable {
                    let b = 1
                }
                nonisolated(unsafe) var c = 2

                /// A class.
                final class D: @unchecked Sendable {
                    // Only one thread sees it.
                    let b = 1
                }
                """,
                [1, 4]
            )
        case .whiteSpace: ("let a = 1 \n\tlet b = 2\nlet c = \"\t\"\n", [1, 2, 3])
        case .lineLength: (String(repeating: "a", count: 100) + "\n//" + longText, [2])
        case .fileLength: (String(repeating: "\n", count: 501), [501])
        case .functionLength:
            (
                "func a() {\n}\nfunc b(\n) -> Int {\n" + String(repeating: "{ }\n", count: 61)
                    + "}\n"
                    + "init() {\n" + String(repeating: "//\n", count: 60) + "}\n"
                    + "var c: Int {\n" + String(repeating: "\n", count: 61) + "}\n",
                [3, 129]
            )
        }
    }

    private var longText: String { String(repeating: "b", count: 99) }
}

private func leftWords(in source: SourceFile) -> [Finding] {
    source.comments.enumerated().flatMap { index, line in
        line.matches(of: /\b(?:TODO|FIXME|XXX|HACK)\b/)
            .map { source.finding(index, "\($0.output) is left in a comment.") }
    }
}

private func trappingCode(in source: SourceFile) -> [Finding] {
    // Tests may trap on purpose, to see what becomes of it.
    if source.path.hasPrefix("Tests") { return [] }
    let expression = /\btry!|\bas!|\bfatalError\(|[\w\)\]]!(?!=)/
    return source.matches(of: expression).map { index, match in
        source.finding(index, "\(match.output) traps; throw an error, or give a reason.")
    }
}

private func unexplained(in source: SourceFile) -> [Finding] {
    source.matches(of: /@unchecked\s+Sendable|nonisolated\(unsafe\)/).compactMap { index, match in
        let near = max(0, index - 5)...min(index + 2, source.comments.count - 1)
        let hasComment = source.comments[near].contains { $0.contains(/(?:^|[^\/])\/\/[^\/]/) }
        let above = source.comments[..<index].reversed().prefix { $0.contains("///") }
        let hasParagraph = above.contains { $0.wholeMatch(of: /\s*\/\/\/\s*/) != nil }
        if hasComment || hasParagraph { return nil }
        return source.finding(index, "\(match.output) has no reason beside it.")
    }
}

private func spoiltLines(in source: SourceFile) -> [Finding] {
    source.lines.indices.filter { index in
        let line = source.lines[index]
        return line.contains("\t") || line.contains("\r") || line.last == " "
    }
    .map { source.finding($0, "The line has a tab or ends in white space.") }
}

private func longLines(in source: SourceFile) -> [Finding] {
    source.lines.indices.filter { index in
        let line = source.lines[index]
        return line.count > 100 && !line.contains("\"") && !line.contains("/// |")
            && !source.isText(index)
    }
    .map { source.finding($0, "The line has \(source.lines[$0].count) characters.") }
}

private func longFile(_ source: SourceFile) -> [Finding] {
    let count = source.lines.count - 1
    guard source.path.hasPrefix("Sources"), count > 500 else { return [] }
    return [source.finding(count - 1, "The file has \(count) lines.")]
}

/// Functions, initialisers and computed properties whose bodies have more than 60 lines, found by
/// counting braces.
private func longFunctions(in source: SourceFile) -> [Finding] {
    guard source.path.hasPrefix("Sources") else { return [] }
    let start = /(?:^|\s)(?:func\s|init[?(<]|deinit\s|subscript[(<]|var\s[^={]*:[^={]*\{\s*$)/
    return source.matches(of: start).compactMap { index, match in
        guard let body = BraceCounter(source.code[index...]).body, body.lineCount > 60 else {
            return nil
        }
        return source.finding(index, "The body has \(body.lineCount) lines.")
    }
}

/// Finds the first pair of braces outside parentheses.
private struct BraceCounter {
    /// How many lines lie between the lines of the braces; nothing where there is no body.
    private(set) var body: (start: Int, lineCount: Int)?

    init(_ lines: ArraySlice<String>) {
        var braces = 0
        var parentheses = 0
        var start: Int?
        for (index, line) in zip(lines.indices, lines) {
            for byte in line.utf8 {
                switch byte {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0:
                    braces += 1
                    if start == nil { start = index }
                case UInt8(ascii: "}") where parentheses == 0:
                    braces -= 1
                    // A declaration without a body ends where its surroundings do.
                    guard braces > 0 else {
                        if braces == 0, let start { body = (start, max(0, index - start - 1)) }
                        return
                    }
                default: break
                }
            }
            if start == nil, index > lines.startIndex + 12 { return }
        }
    }
}
