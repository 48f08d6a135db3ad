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
            + "this one where none runs. A snapshot is stale where other rules made it, for which "
            + "readers ignore it, or where the next one is due. 'verify' replays and compares.",
        operands: [.store, Operand("ACT", "take or verify.", count: .optional)],
        options: [
            VerbOption("stream", "S", "Only this stream."),
            VerbOption("category", "C", "Only the streams of this category."),
            VerbOption("stale", nil, "Take those that are stale, of all categories."),
            VerbOption("rate", "N", "Take at most this many a second; 0 is as fast as can be."),
            VerbOption("sample", "N", "Verify only N streams, chosen at random."),
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
            Example(
                "snapshots shop.store take --stale",
                "Make anew what a change of the rules made useless."
            ),
            Example(
                "snapshots shop.store verify --category customer --sample 100",
                "Replay a hundred customers and compare."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "A snapshot is not what the replay of its events gives.")
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
    case "verify": return try verifySnapshots(operations, context)
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
    try printCoverage(coverage, context)
    try printOutliers(coverage.flatMap(\.outliers), context)
    return .done
}

private func printCoverage(_ coverage: [SnapshotCoverage], _ context: VerbContext) throws {
    var table = TextTable(
        [
            .text("category"), .text("taken"), .number("streams"), .number("covered"),
            .number("stale"), .number("snapshots"), .number("other rules"), .number("bytes"),
        ],
        to: context.output
    )
    for row in coverage {
        let triggers = [
            row.every.map { "every \($0)" }, row.after.map { "after \($0.milliseconds) ms" },
        ]
        try table.row([
            row.category.text, triggers.compactMap { $0 }.joined(separator: ", ").orOnDemand,
            NumberFormat.grouped(row.streamCount), NumberFormat.grouped(row.coveredCount),
            NumberFormat.grouped(row.staleCount), NumberFormat.grouped(row.snapshotCount),
            NumberFormat.grouped(row.ignoredCount), NumberFormat.grouped(row.size),
        ])
    }
    try table.flush()
    let ignoredCount = coverage.reduce(0) { $0 + $1.ignoredCount }
    if ignoredCount > 0 {
        try context.output.line(
            "\(NumberFormat.grouped(ignoredCount)) snapshots are ignored: other rules made them"
        )
    }
}

/// The streams whose loads take in most events, of all categories, worst first.
private func printOutliers(
    _ outliers: [SnapshotCoverage.Outlier],
    _ context: VerbContext
) throws {
    if outliers.isEmpty { return }
    try context.output.line()
    var table = TextTable(
        [.text("outlier"), .number("events"), .number("snapshot at"), .number("events after it")],
        to: context.output
    )
    for outlier in outliers.sorted(by: { $0.eventsAfterCount > $1.eventsAfterCount }).prefix(10) {
        try table.row([
            outlier.stream.text, NumberFormat.grouped(outlier.eventCount),
            outlier.snapshotSequence.map { NumberFormat.grouped($0.number) } ?? "none",
            NumberFormat.grouped(outlier.eventsAfterCount),
        ])
    }
    try table.flush()
}

extension String {
    /// The text; where there is none, what is said of a category without triggers.
    fileprivate var orOnDemand: String { isEmpty ? "on demand" : self }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
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
        writer.member("afterMilliseconds", row.after?.milliseconds)
        writer.member("streams", row.streamCount)
        writer.member("covered", row.coveredCount)
        writer.member("stale", row.staleCount)
        writer.member("snapshots", row.snapshotCount)
        writer.member("ignored", row.ignoredCount)
        writer.member("bytes", row.size)
        writer.member("worstStream", row.worstStream?.text)
        writer.member("worstEvents", row.worstEventCount)
        writer.key("outliers")
        writer.beginArray()
        for outlier in row.outliers {
            writer.beginObject()
            writer.member("stream", outlier.stream.text)
            writer.member("events", outlier.eventCount)
            writer.member("snapshotSequence", outlier.snapshotSequence?.number)
            writer.member("eventsAfter", outlier.eventsAfterCount)
            writer.endObject()
        }
        writer.endArray()
    }
}

private func take(_ operations: StoreOperations, _ context: VerbContext) throws -> ExitStatus {
    let kind = try requestedKind(context.arguments)
    let reason = context.arguments.text("reason") ?? "asked on the command line"
    let id = try operations.request(OperationRequest(kind, reason: reason))
    // This process follows the request too, so that it is answered where no other one runs.
    let host = StoreHost(operations, groups: [])
    defer { host.stop() }
    Interrupt.catchSignals()
    var progress: WorkProgress?
    let entry = try operations.waitForOutcome(of: id) { _ in
        if let state = host.snapshotProgress {
            let shown =
                progress ?? WorkProgress("streams", of: state.streamCount, on: context.messages)
            shown.show(state.seenCount)
            progress = shown
        }
        return !Interrupt.isRaised
    }
    progress?.finish()
    return try tell(entry, id, context)
}

private func requestedKind(_ arguments: VerbArguments) throws -> OperationRequest.Kind {
    let rate = try arguments.count("rate")
    let rateLimit = rate == 0 ? nil : rate
    switch (arguments.text("stream"), arguments.text("category"), arguments.has("stale")) {
    case (let stream?, nil, false): return .snapshotStream(StreamName(stream))
    case (nil, let category?, false):
        return .snapshotCategory(Category(category), rateLimit: rateLimit)
    case (nil, nil, true): return .snapshotStale(rateLimit: rateLimit)
    default: throw CommandFailure.usage("give one of --stream S, --category C or --stale")
    }
}
