import JSON
import Operations

extension Verb {
    static let table = Verb(
        "table",
        "Show the tables of a group's read model, or the rows of one",
        operands: [
            .store,
            Operand("GROUP", "The processing group."),
            Operand("TABLE", "One of its tables; without it, all are listed.", count: .optional),
        ],
        options: [VerbOption("limit", "N", "At most this many rows."), .json],
        examples: [
            Example("table shop.store sales", "List the tables of a group with their rows."),
            Example(
                "table shop.store sales customers --limit 20",
                "Show the first rows of a table in the order of its primary key."
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
    let group = arguments.operand("GROUP")
    let limit = try arguments.count("limit")
    let operations = try context.openOperations()
    guard let table = arguments.optionalOperand("TABLE") else {
        try list(operations.tables(of: group).prefix(limit ?? .max), context)
        return .done
    }
    var rows = RowList(context)
    let result = try operations.rows(of: table, in: group, limit: limit) { rows.show($0, $1) }
    try rows.end(result)
    return .done
}

private func list(_ tables: ArraySlice<ReadModelTable>, _ context: VerbContext) throws {
    if context.printsJSON {
        for table in tables {
            try context.output.object { writer in
                writer.member("table", table.name)
                writer.member("rows", table.rowCount)
            }
        }
        return
    }
    var text = TextTable([.text("table"), .number("rows")], to: context.output)
    for table in tables { try text.row([table.name, String(table.rowCount)]) }
    try text.flush()
}
