import JSON
import SQLiteDatabase

/// The rows of a query.
struct TableRows {
    let columns: [String]
    let rows: [[SQLiteValue]]

    /// What differs from the rows that were expected, one line each.
    ///
    /// As many rows as expected are compared column by column; else whole rows are missing or too
    /// many.
    func differenceLines(from expected: [[SQLiteValue]]) -> [String] {
        guard expected.count == rows.count else { return wholeRowLines(from: expected) }
        return zip(expected, rows).enumerated().flatMap { index, pair in
            columnLines(index, pair.0, pair.1)
        }
    }

    private func columnLines(
        _ index: Int,
        _ expected: [SQLiteValue],
        _ actual: [SQLiteValue]
    ) -> [String] {
        guard expected.count == actual.count else {
            return ["[\(index)]: expected \(expected.count) columns, actual \(actual.count)"]
        }
        return columns.indices.filter { expected[$0] != actual[$0] }.map { column in
            let path = JSONPath([.index(index), .key(columns[column])])
            let (before, after) = (expected[column].json, actual[column].json)
            return JSONDifference(path: path, before: before, after: after).line()
        }
    }

    private func wholeRowLines(from expected: [[SQLiteValue]]) -> [String] {
        let difference = rows.difference(from: expected)
        return (difference.removals + difference.insertions).map { change in
            switch change {
            case .remove(let index, let row, _):
                JSONDifference(path: JSONPath([.index(index)]), before: row.json, after: nil)
            case .insert(let index, let row, _):
                JSONDifference(path: JSONPath([.index(index)]), before: nil, after: row.json)
            }
        }
        .map { $0.line() }
    }
}

extension [SQLiteValue] {
    fileprivate var json: JSONValue { .array(map(\.json)) }
}

extension SQLiteValue {
    /// The value as a difference shows it: numbers of both kinds differ, and bytes are told from
    /// text.
    fileprivate var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let number): .number(JSONNumber(number))
        case .real(let number): JSONNumber(number).map { .number($0) } ?? .string("\(number)")
        case .text(let text): .string(text)
        case .blob(let bytes): .object(["blob": .array(bytes.map { .number(JSONNumber($0)) })])
        }
    }
}
