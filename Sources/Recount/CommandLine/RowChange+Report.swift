import JSON
import Operations
import OperationsModel

extension RowChange {
    /// The change in one line, which is sanitized where it is shown.
    var line: String {
        let mark =
            switch kind {
            case .inserted: "+"
            case .updated: "~"
            case .deleted: "-"
            }
        let parts = ["\(mark) \(table)", key.words] + columns.map(RowChange.text)
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func text(_ column: Column) -> String {
        switch (column.before, column.after) {
        case (let before?, let after?): "\(column.name) \(before.line) -> \(after.line)"
        case (let before, let after): "\(column.name)=\((after ?? before)?.line ?? "")"
        }
    }

    /// Writes the change as an object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("table", table)
        writer.member("change", kind.rawValue)
        writer.key("key")
        writer.beginObject()
        for column in key { writer.member(column.name, column.value) }
        writer.endObject()
        writer.key("columns")
        writer.beginObject()
        for column in columns {
            writer.key(column.name)
            writer.beginObject()
            if let before = column.before { writer.member("before", before) }
            if let after = column.after { writer.member("after", after) }
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
    }
}

extension [RowChange.KeyColumn] {
    /// The columns of a key with their values, in one line.
    var words: String { map { "\($0.name)=\($0.value.line)" }.joined(separator: " ") }
}

extension CellValue {
    /// The characters of a text and the bytes of a blob that a line shows at most.
    private static let sizeMax = 60

    /// The value as SQL writes it, cut where it is long.
    var line: String {
        switch self {
        case .null: return "NULL"
        case .integer(let value): return String(value)
        case .real(let value): return String(value)
        case .text(let value):
            let isCut = value.count > CellValue.sizeMax
            return "'\(value.prefix(CellValue.sizeMax))\(isCut ? "…" : "")'"
        case .bytes(let value): return value.sqlText(sizeMax: CellValue.sizeMax / 2)
        }
    }
}

extension JSONWriter {
    /// Writes a value of a row; bytes as base64.
    mutating func member(_ name: String, _ value: CellValue) {
        switch value {
        case .null: member(name, nil as String?)
        case .integer(let value): member(name, value)
        case .real(let value): member(name, value)
        case .text(let value): member(name, value)
        case .bytes(let value):
            key(name)
            string(utf8: Base64.encoded(value).span)
        }
    }
}
