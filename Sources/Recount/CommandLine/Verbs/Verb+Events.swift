import EventLog
import EventModel
import EventStorage

extension Verb {
    static let events = Verb(
        "events",
        "Show the events of a store in the order of their positions",
        operands: [.store],
        options: [
            VerbOption("type", "T", "Only events of this type.", isRepeatable: true),
            VerbOption("tag", "K:V", "Only events with this tag.", isRepeatable: true),
            VerbOption("after", "P", "Only events after this position."),
            VerbOption("from-time", "T", "Only events that happened at this time or later."),
            VerbOption("to-time", "T", "Only events that happened at this time or earlier."),
            VerbOption("follow", nil, "Go on with new events until interrupted."),
            .json,
        ],
        examples: [
            Example(
                "events shop.store --type OrderCancelled --from-time 2011-12-01T00:00:00Z",
                "Show the cancellations since a moment."
            ),
            Example("events shop.store --follow --json", "Hand every new event on to a program."),
        ],
        run: showEvents
    )
}

@Sendable
private func showEvents(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    var selection = EventSelection(
        after: try arguments.position("after") ?? .start,
        types: arguments.texts("type").map(EventType.init),
        tags: try arguments.tags("tag"),
        fromTime: try arguments.time("from-time"),
        throughTime: try arguments.time("to-time")
    )
    let store = try context.openStore()
    var list = EventList(context, firstColumns: [.number("position"), .text("stream")]) {
        [$0.position.description, $0.stream.text]
    }
    guard arguments.has("follow") else {
        try list.show(selection, of: store)
        return .done
    }
    Interrupt.catchSignals()
    while !Interrupt.isRaised {
        let head = try store.head()
        selection.through = head
        try list.show(selection, of: store)
        try context.output.flush()
        selection.after = max(selection.after, head)
        _ = try store.wait(after: selection.after, timeoutMilliseconds: 250)
    }
    return .done
}
