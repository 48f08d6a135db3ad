public import OperationsModel
import SQLiteDatabase

extension StoreOperations {
    /// Makes a scratch copy of a group's read model as of a point.
    public func scratchReplay(
        of group: String,
        at point: ReadModelPoint,
        progress: ScratchReplay.Progress
    ) throws(OperationsError) -> any ScratchReplay {
        try InteractiveReplay(self, group: group, at: point, progress: progress)
    }
}

extension InteractiveReplay: ScratchReplay {
    /// The first rows as they are where the copy stands.
    public func rows(
        _ source: RowSource,
        limit: Int,
        unless isGivenUp: @escaping () -> Bool
    ) throws(OperationsError) -> RowPage {
        var rows: [[CellValue]] = []
        func add(_: [String], _ values: [SQLiteValue]) -> Bool {
            rows.append(values.map { CellValue($0).cut })
            return true
        }
        let result =
            switch source {
            case .table(let name):
                try self.rows(of: name, limit: limit, unless: isGivenUp, row: add)
            case .query(let sql): try query(sql, limit: limit, unless: isGivenUp, row: add)
            }
        return RowPage(columns: result.columns, rows: rows, isCut: result.isCut)
    }
}

extension CellValue {
    /// As much of the value as anyone reads in a table.
    fileprivate var cut: CellValue {
        switch self {
        case .null, .integer, .real: return self
        case .text(let text):
            let beginning = text.prefix(500)
            return beginning.endIndex < text.endIndex ? .text(beginning + "…") : self
        case .bytes(let bytes): return .bytes(Array(bytes.prefix(100)))
        }
    }
}
