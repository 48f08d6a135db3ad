import ConsoleModel
import OperationsModel
import Screen

extension CellValue {
    /// The value as a table shows it: bare, so that a column lines up.
    var tableText: StyledText {
        switch self {
        case .null: StyledText("NULL", .muted)
        case .text(let text): StyledText(text)
        case .integer, .real, .bytes: StyledText(sqlText)
        }
    }

    /// The value as SQL writes it, on one line.
    var sqlText: String {
        switch self {
        case .null: return "NULL"
        case .integer(let value): return String(value)
        case .real(let value): return String(value)
        case .text(let value): return "'\(value)'"
        case .bytes(let value):
            let digits = value.prefix(30).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            return "x'\(digits.joined())'"
        }
    }

    /// Whether it goes to the right of a column.
    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .bytes: false
        }
    }
}

extension RowChange.Kind {
    /// The sign of the change.
    var glyph: Glyph {
        switch self {
        case .inserted: .added
        case .updated: .changed
        case .deleted: .removed
        }
    }

    /// The role the change is coloured by.
    var role: StyleRole {
        switch self {
        case .inserted: .differenceAdd
        case .updated: .differenceChange
        case .deleted: .differenceRemove
        }
    }
}

extension RowChange {
    /// The lines that tell the change, as many as ``lineCount`` says.
    func lines(_ glyphs: GlyphSet) -> [StyledText] {
        var line = StyledText("\(glyphs(kind.glyph)) ", Style(kind.role))
        line.append("\(table)  ", .muted)
        line.append(key.map { "\($0.name)=\($0.value.sqlText)" }.joined(separator: " "), .strong)
        if lineCount > 1 {
            return [line] + columns.map { StyledText("    ") + text($0, glyphs) }
        }
        for column in columns { line += StyledText("  ") + text(column, glyphs) }
        return [line]
    }

    private func text(_ column: Column, _ glyphs: GlyphSet) -> StyledText {
        switch (column.before, column.after) {
        case (let before?, let after?):
            StyledText("\(column.name) ", .muted)
                + StyledText(before.sqlText, Style(.differenceRemove))
                + StyledText(" \(glyphs(.right)) ", .muted)
                + StyledText(after.sqlText, Style(.differenceAdd))
        case (let before, let after):
            StyledText("\(column.name)=", .muted)
                + StyledText((after ?? before)?.sqlText ?? "", Style(kind.role))
        }
    }

    /// Whether the change is that of a row of its table.
    func isAbout(_ row: [CellValue], of columns: [String]) -> Bool {
        !key.isEmpty
            && key.allSatisfy { part in
                columns.firstIndex(of: part.name).map { row[$0] == part.value } ?? false
            }
    }
}
