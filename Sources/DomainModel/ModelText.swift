import JSON
import SQLiteDatabase
import YAML

/// A piece of SQL in a model, and where it stands.
struct ModelText: Hashable, Sendable {
    let sql: String
    let file: String
    let line: Int
    let column: Int
    /// Whether the text begins at the column of its node, and not on the line after a `|` or `>`.
    private let isInline: Bool
    /// The lines of the whole file.
    private let lines: [Substring]

    /// Takes the SQL out of a scalar of a file with these lines.
    init?(_ node: YAMLNode, file: String, lines: [Substring]) {
        guard let text = node.string else { return nil }
        sql = text
        self.file = file
        self.lines = lines
        isInline = node.textLine == node.line
        line = node.textLine
        if isInline {
            column = node.column
        } else {
            let first = lines.indices.contains(line - 1) ? lines[line - 1] : ""
            column = 1 + first.prefix { $0 == " " }.count
        }
    }

    /// The line and column of a place in the SQL, found by counting what is not blank: YAML joins
    /// and indents lines, but keeps every other character.
    func place(ofByte byteOffset: Int) -> (line: Int, column: Int) {
        let before = String(decoding: sql.utf8.prefix(byteOffset), as: UTF8.self)
        var count = before.count { !$0.isWhitespace }
        var isFirst = isInline
        for (index, text) in lines.enumerated().dropFirst(line - 1) {
            let skipped = isInline && index == line - 1 ? column - 1 : 0
            for (offset, character) in text.enumerated().dropFirst(skipped)
            where !character.isWhitespace {
                // The quote before a quoted text is no part of it.
                let isQuote = isFirst && (character == "\"" || character == "'")
                isFirst = false
                if isQuote, sql.first != character { continue }
                if count == 0 { return (index + 1, offset + 1) }
                count -= 1
            }
        }
        return (line, column)
    }

    /// The problem that SQLite has with the SQL, which began at an offset of what it compiled.
    func problem(_ error: SQLiteError, after prefixSize: Int = 0) -> ModelProblem {
        guard let offset = error.byteOffset else { return problem(error.message) }
        let place = place(ofByte: min(max(0, offset - prefixSize), sql.utf8.count))
        return ModelProblem(line: place.line, column: place.column, reason: error.message)
    }

    /// A problem with the SQL as a whole.
    func problem(_ reason: String) -> ModelProblem {
        ModelProblem(line: line, column: column, reason: reason)
    }

    /// What went wrong when the SQL ran.
    func failure(_ error: SQLiteError) -> ModelExecutionError {
        failure(error.message)
    }

    /// What went wrong when the SQL ran.
    func failure(_ reason: String) -> ModelExecutionError {
        ModelExecutionError(file: file, line: line, column: column, reason: reason)
    }

    /// The JSON that the expression has returned as the only column of a row.
    func result(
        of statement: SQLiteStatement,
        _ binder: EventBinder
    ) throws -> (json: [UInt8], kind: JSONKind) {
        do {
            let result = try statement.withText(at: 0) { text in
                let kind = try binder.kind(ofResult: text)
                return (text.withUnsafeBufferPointer { Array($0) }, kind)
            }
            guard let result else { throw failure("the expression returned NULL, not JSON") }
            return result
        } catch let error as UnreadableText {
            throw failure("the expression returned no JSON: \(error.reason)")
        }
    }
}
