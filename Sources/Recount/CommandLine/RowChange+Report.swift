import JSON
import Operations
import OperationsModel

extension RowChange {
    /// The characters of a text and the bytes of a blob that a line shows at most.
    private static let valueSizeMax = 60

    /// The change in one line, which is sanitized where it is shown.
    var line: String {
        let mark =
            switch kind {
            case .inserted: "+"
            case .updated: "~"
            case .deleted: "-"
            }
        let key = key.map { "\($0.name)=\(RowChange.text($0.value))" }.joined(separator: " ")
        let parts = ["\(mark) \(table)", key] + columns.map(RowChange.text)
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func text(_ column: Column) -> String {
        switch (column.before, column.after) {
        case (let before?, let after?): "\(column.name) \(text(before)) -> \(text(after))"
        case (let before, let after): "\(column.name)=\((after ?? before).map(text) ?? "")"
        }
    }

    /// A value as SQL writes it, cut where it is long.
    private static func text(_ value: CellValue) -> String {
        switch value {
        case .null: return "NULL"
        case .integer(let value): return String(value)
        case .real(let value): return String(value)
        case .text(let value):
            return "'\(value.prefix(valueSizeMax))\(value.count > valueSizeMax ? "…" : "")'"
        case .bytes(let value): return value.sqlText(sizeMax: valueSizeMax / 2)
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

extension JSONWriter {
    /// Writes a value of a row; bytes as base64.
    fileprivate mutating func member(_ name: String, _ value: CellValue) {
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
