import OperationsModel
import SQLiteDatabase

extension RowChange {
    /// Tells a difference by names, with only the columns that differ.
    init(_ difference: SQLiteRowDifference) {
        let values = difference.after ?? difference.before ?? []
        var key = difference.keyColumns.map { index in
            KeyColumn(difference.columns[index], CellValue(values[index]))
        }
        if let rowid = difference.rowid { key = [KeyColumn("rowid", .integer(rowid))] }
        let isKeyed = difference.rowid == nil
        let indexes = difference.columns.indices.filter { index in
            if isKeyed, difference.keyColumns.contains(index) { return false }
            guard let before = difference.before, let after = difference.after else { return true }
            return before[index] != after[index]
        }
        self.init(
            table: difference.table,
            kind: difference.before == nil
                ? .inserted : difference.after == nil ? .deleted : .updated,
            key: key,
            columns: indexes.map { index in
                Column(
                    difference.columns[index],
                    before: difference.before.map { CellValue($0[index]) },
                    after: difference.after.map { CellValue($0[index]) }
                )
            }
        )
    }
}

extension CellValue {
    init(_ value: SQLiteValue) {
        self =
            switch value {
            case .null: .null
            case .integer(let value): .integer(value)
            case .real(let value): .real(value)
            case .text(let value): .text(value)
            case .blob(let value): .bytes(value)
            }
    }
}
