import JSON
import Operations
import OperationsModel
import SQLiteDatabase

extension Verb {
    static let table = Verb(
        "table",
        "Show the tables of a group's read model, or the rows of one",
        operands: [
            .store,
            Operand("GROUP", "The processing group."),
            Operand("TABLE", "One of its tables; without it, all are listed.", count: .optional),
        ],
        options: [
            VerbOption("limit", "N", "At most this many rows."),
            VerbOption(
                "as-of",
                "P|T",
                "As after the event at a position, or after those recorded up to a time. The "
                    + "tables are filled in a copy, for which the group need not have run."
            ),
            .json,
        ],
        examples: [
            Example("table shop.store sales", "List the tables of a group with their rows."),
            Example(
                "table shop.store sales customers --limit 20",
                "Show the first rows of a table in the order of its primary key."
            ),
            Example(
                "table shop.store sales customers --as-of 2026-11-20T03:47:00+01:00",
                "Show the rows as they were then."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "There is no such group or table, or it has never run.")
        ],
        run: showTable
    )
}

@Sendable
private func showTable(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let source = try source(context)
    let limit = try arguments.count("limit")
    guard let table = arguments.optionalOperand("TABLE") else {
        try context.show(Array(source.tables().prefix(limit ?? .max)))
        return .done
    }
    var rows = RowList(context)
    try rows.end(source.rows(table, limit) { rows.show($0, $1) })
    return .done
}

/// Where tables are read from: the group as it is, or a copy as of a point.
private struct TableSource {
    let tables: () throws -> [ReadModelTable]
    let rows:
        (
            _ table: String, _ limit: Int?,
            _ row: (_ columns: [String], _ values: [SQLiteValue]) -> Bool
        ) throws -> QueryResult
}

private func source(_ context: VerbContext) throws -> TableSource {
    let point = try context.arguments.point("as-of")
    let group = context.arguments.operand("GROUP")
    let operations = try context.openOperations()
    guard let point else {
        return TableSource(tables: { try operations.tables(of: group) }) {
            try operations.rows(of: $0, in: group, limit: $1, row: $2)
        }
    }
    let options = InteractiveReplayOptions(historyCount: 0)
    let copy = try InteractiveReplay(operations, group: group, at: point, options, context)
    if let failure = copy.failure {
        throw CommandFailure(.finding, "the group cannot handle \(failure)")
    }
    return TableSource(tables: { try copy.tables() }) {
        try copy.rows(of: $0, limit: $1, row: $2)
    }
}

extension VerbContext {
    /// Shows tables with the number of their rows.
    func show(_ tables: [ReadModelTable]) throws {
        if printsJSON {
            for table in tables {
                try output.object { writer in
                    writer.member("table", table.name)
                    writer.member("rows", table.rowCount)
                }
            }
            return
        }
        var text = TextTable([.text("table"), .number("rows")], to: output)
        for table in tables { try text.row([table.name, String(table.rowCount)]) }
        try text.flush()
    }
}
