import EventModel
import Glibc
import Operations
import OperationsModel

extension Verb {
    static let why = Verb(
        "why",
        "Tell whether read models show everything of a stream or a row, and why not",
        discussion: "With '--table' the question is about one row. What made it is found by going "
            + "once through the history of the group in a copy, up to the head of the log; the "
            + "group is not touched, and of the copy nothing is left. Told are the row as it is, "
            + "how many events changed it and of which streams, the newest first; whether it is "
            + "equal to what the copy has at the same position; which later events will change it; "
            + "and how the group stands with each of those streams. What the group has put aside "
            + "or skips, the copy leaves out too. A value of the key is compared as the type of its "
            + "column wants it; where that has none, whole numbers and bytes can be written as SQL "
            + "writes them. A row whose key holds 'NULL' cannot be named.",
        operands: [
            .store, Operand("STREAM", "The name of the stream.", count: .optional),
            Operand("GROUP", "Only this processing group.", count: .optional),
        ],
        options: [
            VerbOption("table", "T", "Tell of a row of this table instead of a stream."),
            VerbOption(
                "key",
                "VALUE",
                "What the row holds in a column of the primary key of the table; once for each "
                    + "column, in the order of the key.",
                isRepeatable: true
            ),
            VerbOption(
                "group",
                "GROUP",
                "The processing group that has the table, where several have one of that name."
            ),
            .json,
        ],
        examples: [
            Example("why shop.store customer-17850", "See which read models lack what, and why."),
            Example(
                "why shop.store --table customers --key 17850",
                "See what made a row, and what it does not show yet."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(
                .finding,
                "A read model does not show the last event of the stream, or the row may not "
                    + "show everything; or there is no such stream, group or table."
            ),
            ExitStatusMeaning(
                .refused,
                "The table has no primary key, its rows are ahead of the log, or the search was "
                    + "interrupted."
            ),
        ],
        run: tellWhy
    )
}

@Sendable
private func tellWhy(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    switch (arguments.optionalOperand("STREAM"), arguments.text("table")) {
    case (let stream?, nil):
        guard !arguments.has("key"), !arguments.has("group") else {
            throw CommandFailure.usage(
                "why: --key and --group are about a row, which --table names"
            )
        }
        return try tellWhy(StreamName(stream), context)
    case (nil, let table?):
        let request = RowStandingRequest(
            group: arguments.text("group"),
            table: table,
            key: arguments.texts("key")
        )
        return try tellWhy(request, context)
    case (nil, nil): throw CommandFailure.usage("why: STREAM or --table is missing")
    case (_?, _?):
        throw CommandFailure.usage(
            "why: STREAM and --table exclude each other; --key names the row of a table"
        )
    }
}

private func tellWhy(_ stream: StreamName, _ context: VerbContext) throws -> ExitStatus {
    let group = context.arguments.optionalOperand("GROUP")
    let standings = try context.openOperations().standings(of: stream, in: group)
    for standing in standings {
        if context.printsJSON {
            try context.output.object { standing.writeMembers(to: &$0) }
        } else {
            for line in standing.lines { try context.output.line(line) }
        }
    }
    return standings.allSatisfy(\.isCurrent) ? .done : .finding
}

private func tellWhy(_ request: RowStandingRequest, _ context: VerbContext) throws -> ExitStatus {
    let operations = try context.openOperations()
    Interrupt.catchSignals([SIGINT])
    let progress = ReplayProgress(from: .start, context.messages)
    defer { progress.finish() }
    let standing = try operations.standing(of: request, progress: progress.show)
    progress.finish()
    if context.printsJSON {
        try context.output.object { standing.writeMembers(to: &$0) }
    } else {
        for line in standing.lines { try context.output.line(line) }
    }
    return standing.isCurrent ? .done : .finding
}
