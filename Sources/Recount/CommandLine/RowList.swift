import Screen
import JSON
import Operations
import SQLiteDatabase

/// Shows rows from SQL, as a table or as JSON.
struct RowList {
    /// The bytes of a blob that a table shows at most.
    private static let blobSizeMax = 32

    private let context: VerbContext
    private var keys: [String] = []
    private var table: TextTable?
    private var failure: (any Error)?

    init(_ context: VerbContext) {
        self.context = context
    }

    /// Shows a row; false where it cannot be written, which ``end(_:)`` throws.
    mutating func show(_ columns: [String], _ values: [SQLiteValue]) -> Bool {
        do {
            if context.printsJSON {
                if keys.isEmpty { keys = RowList.distinct(columns) }
                try printObject(values)
            } else {
                try printRow(columns, values)
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Shows what is left, and tells where rows were left out and what shows them.
    mutating func end(
        _ result: QueryResult,
        remedy: String = "a larger --limit shows them"
    ) throws {
        if let failure { throw failure }
        try table?.flush()
        guard result.isCut else { return }
        try context.output.flush()
        try context.messages.line(
            "\(context.table.program): there are more rows than \(result.rowCount); \(remedy)"
        )
        try context.messages.flush()
    }

    private func printObject(_ values: [SQLiteValue]) throws {
        try context.output.object { writer in
            for (key, value) in zip(keys, values) {
                switch value {
                case .null: writer.member(key, nil as String?)
                case .integer(let value): writer.member(key, value)
                case .real(let value): writer.member(key, value)
                case .text(let value): writer.member(key, value)
                case .blob(let value):
                    writer.key(key)
                    writer.string(utf8: Base64.encoded(value).span)
                }
            }
        }
    }

    /// The first row says which columns hold numbers.
    private mutating func printRow(_ columns: [String], _ values: [SQLiteValue]) throws {
        var table =
            self.table
            ?? TextTable(
                zip(columns, values).map { name, value in
                    value.isNumber
                        ? .number(TerminalText.sanitized(name))
                        : .text(TerminalText.sanitized(name))
                },
                to: context.output
            )
        self.table = nil
        try table.row(values.map(RowList.text))
        self.table = table
    }

    private static func text(_ value: SQLiteValue) -> String {
        switch value {
        case .null: return ""
        case .integer(let value): return String(value)
        case .real(let value): return String(value)
        case .text(let value):
            return value.utf8.contains { $0 == 0x0A || $0 == 0x0D }
                ? String(decoding: Array(value.utf8).withoutLineBreaks, as: UTF8.self) : value
        case .blob(let value): return value.sqlText(sizeMax: blobSizeMax)
        }
    }

    /// The names, those that come again with a number behind them.
    private static func distinct(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var key = name
            var number = 2
            while !taken.insert(key).inserted {
                key = "\(name)\(number)"
                number += 1
            }
            return key
        }
    }
}

extension [UInt8] {
    /// The bytes as SQL writes them, cut where there are more than some.
    func sqlText(sizeMax: Int) -> String {
        let digits = prefix(sizeMax).map { (byte: UInt8) in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "x'" + digits.joined() + (count > sizeMax ? "…" : "") + "'"
    }
}

extension SQLiteValue {
    /// Whether a table puts the value on the right.
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .blob: false
        }
    }
}
