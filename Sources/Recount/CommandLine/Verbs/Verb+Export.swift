import EventLog
import EventModel
import EventStorage
import Glibc
import Operations

extension Verb {
    static let exportEvents = Verb(
        "export",
        "Export events as CloudEvents",
        discussion: "Writes CloudEvents 1.0, one JSON object per line, in the order of the "
            + "positions to the standard output. Importing them gives the same events, and "
            + "events that were imported are written as the lines they were. A payload that is "
            + "not JSON or contains a line break is written as 'data_base64'.",
        operands: [.store],
        options: [
            VerbOption("after", "P", "Only events after this position."),
            VerbOption("stream", "S", "Only events of this stream."),
            VerbOption("system", nil, "Also the events of Recount's own streams ('$...')."),
        ],
        examples: [
            Example("export shop.store > shop.ndjson", "Export everything."),
            Example(
                "export shop.store --stream customer-17850",
                "Export the events of one stream."
            ),
        ],
        run: exportEventsOfStore
    )
}

@Sendable
private func exportEventsOfStore(_ context: VerbContext) throws -> ExitStatus {
    let stream = context.arguments.text("stream").map(StreamName.init)
    let selection = EventSelection(
        stream.map(EventSelection.Scope.stream) ?? .all,
        after: try context.arguments.position("after") ?? .start
    )
    let store = try context.openStore()
    let total =
        try stream.map { try store.stream($0)?.eventCount ?? 0 }
        ?? store.head().number - min(store.head(), selection.after).number
    let progress = WorkProgress("events", of: Int(clamping: total), on: context.messages)
    defer { progress.finish() }
    _ = try EventExporter(store).write(
        selection,
        includesSystemStreams: context.arguments.has("system") || stream?.isSystem == true,
        to: STDOUT_FILENO
    ) { count in
        // On a terminal the events themselves show how far it is.
        if !context.output.isTerminal { progress.show(count) }
    }
    return .done
}
