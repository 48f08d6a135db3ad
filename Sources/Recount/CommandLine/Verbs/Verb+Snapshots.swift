import Screen
import Aggregates
import EventModel
import EventStorage
import JSON
import Operations
import OperationsModel

extension Verb {
    static let snapshots = Verb(
        "snapshots",
        "Show how well aggregates are covered by snapshots, take or verify them",
        discussion: "'take' asks for snapshots: the process that runs the store takes them, or "
            + "this one where none runs. 'verify' replays and compares.",
        operands: [.store, Operand("ACT", "take or verify.", count: .optional)],
        options: [
            VerbOption("stream", "S", "Only this stream."),
            VerbOption("category", "C", "Only the streams of this category."),
            VerbOption("reason", "R", "Why they are taken; it is kept with the operation."),
            .json,
        ],
        examples: [
            Example("snapshots shop.store", "See the coverage of each category."),
            Example("snapshots shop.store --stream customer-17850", "See those of one stream."),
            Example(
                "snapshots shop.store take --category customer --reason 'slow loads'",
                "Save the state of every customer whose snapshot is not current."
            ),
            Example("snapshots shop.store verify --category customer", "Replay and compare."),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "A snapshot differs from the replay of its events.")
        ],
        run: doSnapshots
    )
}

@Sendable
private func doSnapshots(_ context: VerbContext) throws -> ExitStatus {
    let operations = try context.openOperations()
    switch context.arguments.optionalOperand("ACT") {
    case nil: return try list(operations, context)
    case "take": return try take(operations, context)
    case "verify": return try verify(operations, context)
    case let other?:
        throw CommandFailure.usage("snapshots are taken or verified; '\(other)' is neither")
    }
}

private func list(_ operations: StoreOperations, _ context: VerbContext) throws -> ExitStatus {
    if let stream = context.arguments.text("stream") {
        try listOne(StreamName(stream), operations, context)
        return .done
    }
    let wanted = context.arguments.text("category").map(Category.init)
    let coverage = try operations.snapshotCoverage().filter {
        wanted == nil || $0.category == wanted
    }
    if context.printsJSON {
        for row in coverage { try printObject(row, context) }
        return .done
    }
    var table = TextTable(
        [
            .text("category"), .text("every"), .number("streams"), .number("covered"),
            .number("snapshots"), .number("bytes"), .text("longest without"),
        ],
        to: context.output
    )
    for row in coverage {
        try table.row([
            row.category.text, row.every.map { "\($0) events" } ?? "on demand",
            NumberFormat.grouped(row.streamCount), NumberFormat.grouped(row.coveredCount),
            NumberFormat.grouped(row.snapshotCount), NumberFormat.grouped(row.size),
            row.worstStream.map { "\($0), \(row.worstEventCount) events" } ?? "",
        ])
    }
    try table.flush()
    return .done
}

private func listOne(
    _ stream: StreamName,
    _ operations: StoreOperations,
    _ context: VerbContext
) throws {
    let snapshots = try operations.snapshots(of: stream)
    if context.printsJSON {
        for snapshot in snapshots {
            try context.output.object { writer in
                writer.member("stream", snapshot.stream.text)
                writer.member("sequence", snapshot.sequence.number)
                writer.member("takenTime", snapshot.takenTime.description)
                writer.member("bytes", snapshot.size)
                writer.member("isCurrent", snapshot.isCurrent)
            }
        }
        return
    }
    var table = TextTable(
        [.number("sequence"), .text("taken"), .number("bytes"), .text("rules")],
        to: context.output
    )
    for snapshot in snapshots {
        try table.row([
            snapshot.sequence.description, snapshot.takenTime.description,
            NumberFormat.grouped(snapshot.size), snapshot.isCurrent ? "current" : "of other rules",
        ])
    }
    try table.flush()
}

private func printObject(_ row: SnapshotCoverage, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("category", row.category.text)
        writer.member("every", row.every)
        writer.member("streams", row.streamCount)
        writer.member("covered", row.coveredCount)
        writer.member("snapshots", row.snapshotCount)
        writer.member("bytes", row.size)
        writer.member("worstStream", row.worstStream?.text)
        writer.member("worstEvents", row.worstEventCount)
    }
}

private func take(_ operations: StoreOperations, _ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let kind: OperationRequest.Kind
    switch (arguments.text("stream"), arguments.text("category")) {
    case (let stream?, nil): kind = .snapshotStream(StreamName(stream))
    case (nil, let category?): kind = .snapshotCategory(Category(category))
    default: throw CommandFailure.usage("give --stream S or --category C")
    }
    let reason = arguments.text("reason") ?? "asked on the command line"
    let id = try operations.request(OperationRequest(kind, reason: reason))
    // This process follows the request too, so that it is answered where no other one runs.
    let host = StoreHost(operations, groups: [])
    defer { host.stop() }
    Interrupt.catchSignals()
    let category = arguments.text("category").map(Category.init)
    let count = try category.map { try operations.snapshotter.coverage(of: $0).streams.count }
    let progress = WorkProgress("streams", of: count ?? 1, on: context.messages)
    let entry = try operations.waitForOutcome(of: id) { _ in
        if let category {
            let covered = try operations.snapshotter.coverage(of: category).coveredCount
            progress.show(covered)
        }
        return !Interrupt.isRaised
    }
    progress.finish()
    return try tell(entry, id, context)
}

private func verify(_ operations: StoreOperations, _ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let streams: [StreamName]
    if let stream = arguments.text("stream") {
        streams = [StreamName(stream)]
    } else {
        let category = arguments.text("category").map(Category.init)
        let request = StreamsRequest(category: category, limit: .max)
        streams = try operations.streams(request).map(\.stream)
    }
    let progress = WorkProgress("streams", of: streams.count, on: context.messages)
    var wrongCount = 0
    for (index, stream) in streams.enumerated() {
        for snapshot in try operations.snapshotter.wrongSnapshots(of: stream) {
            wrongCount += 1
            try context.output.line(
                "\(TerminalText.sanitized(stream.text)) at sequence \(snapshot.sequence) differs"
            )
        }
        progress.show(index + 1)
    }
    progress.finish()
    try context.messages.line(
        "\(NumberFormat.grouped(streams.count)) streams replayed, \(wrongCount) snapshots differ"
    )
    return wrongCount == 0 ? .done : .finding
}
