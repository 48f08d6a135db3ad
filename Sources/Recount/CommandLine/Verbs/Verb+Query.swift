import Operations

extension Verb {
    static let query = Verb(
        "query",
        "Ask a store in SQL",
        discussion: "The tables are events (position, stream, category, sequence, id, type, "
            + "revision, time, recordedTime, data, metadata), streams (stream, category, events, "
            + "firstTime, lastTime), processors, operations, and those of every group that has "
            + "run, with the name of the group before them. Times are text as in RFC 3339, in "
            + "UTC. SQL can only read. In JSON, blobs are base64, and the name of a column that "
            + "comes again gets a number.",
        operands: [.store, Operand("SQL", "One statement, such as SELECT.")],
        options: [
            VerbOption("limit", "N", "At most this many rows."),
            VerbOption(
                "time-limit",
                "SECONDS",
                "How long the query may take, the writing of its rows included; 10 seconds "
                    + "unless told otherwise, 0 for as long as it likes."
            ),
            .json,
        ],
        examples: [
            Example(
                "query shop.store \"SELECT type, count(*) FROM events GROUP BY type\"",
                "Count the events of each type."
            ),
            Example(
                "query shop.store \"SELECT time, data ->> 'total' FROM events WHERE stream = "
                    + "'customer-7' ORDER BY position DESC\" --limit 5",
                "Show one field of the last five events of a stream."
            ),
            Example(
                "query shop.store \"SELECT * FROM sales.customers WHERE total < 0\" --json",
                "Hand rows of a read model on to a program."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "The group that the query reads has never run."),
            ExitStatusMeaning(.refused, "The query does more than read, or took too long."),
        ],
        run: runQuery
    )
}

@Sendable
private func runQuery(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    var limits = QueryLimits(rowCount: try arguments.count("limit"))
    let expected = "a number of seconds from 0, such as 30 or 0.5"
    if let seconds = try arguments.value("time-limit", expected, seconds) {
        limits.timeMilliseconds = seconds == 0 ? nil : max(1, Int(seconds * 1000))
    }
    let connection = QueryConnection(try context.openOperations(), limits: limits)
    var list = RowList(context)
    let result = try connection.run(arguments.operand("SQL")) { list.show($0, $1) }
    try list.end(result)
    return .done
}

/// A number of seconds that is not negative and less than a year.
private func seconds(_ text: String) -> Double? {
    Double(text).flatMap { (0...31_536_000).contains($0) ? $0 : nil }
}
