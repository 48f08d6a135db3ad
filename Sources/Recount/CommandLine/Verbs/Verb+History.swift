import EventLog
import EventModel
import EventStorage

extension Verb {
    static let history = Verb(
        "history",
        "Show the events of one stream",
        operands: [.store, Operand("STREAM", "The stream.")],
        options: [
            VerbOption("from", "N", "Only events from this sequence on."),
            VerbOption("to", "N", "Only events up to and with this sequence."),
            .json,
        ],
        examples: [
            Example("history shop.store customer-17850", "Show all events of one customer.")
        ],
        exitStatuses: [ExitStatusMeaning(.finding, "There is no such stream.")],
        run: showHistory
    )
}

@Sendable
private func showHistory(_ context: VerbContext) throws -> ExitStatus {
    let name = StreamName(context.arguments.operand("STREAM"))
    let selection = EventSelection(
        .stream(name),
        fromSequence: try context.arguments.sequence("from") ?? .first,
        throughSequence: try context.arguments.sequence("to")
    )
    let store = try context.openStore()
    guard try store.stream(name) != nil else {
        throw CommandFailure(
            .finding,
            "there is no stream '\(name)'; '\(context.table.program) streams' lists those there are"
        )
    }
    var list = EventList(context, firstColumns: [.number("sequence"), .number("position")]) {
        [$0.sequence.description, $0.position.description]
    }
    try list.show(selection, of: store)
    return .done
}
