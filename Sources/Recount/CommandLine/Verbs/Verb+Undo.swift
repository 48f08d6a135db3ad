import EventModel
import Operations
import OperationsModel

extension Verb {
    static let undo = Verb(
        "undo",
        "Put the rows back that were in use before a replay, or end it",
        discussion: "A replay keeps the rows that were in use, with their token, until the next "
            + "replay of the group or until --let-go removes them. Undone, the group goes on "
            + "from where it was then. New rows that are still made beside those in use are "
            + "given up.",
        operands: [
            .store,
            Operand(
                "OPERATION",
                "The id of the replay, or the name of a group for its last one."
            ),
        ],
        options: [
            VerbOption("let-go", nil, "Remove the rows that are kept instead; takes a group."),
            .reason, .noWait,
        ],
        examples: [
            Example("undo shop.store sales --reason 'numbers worse than before'", "Go back."),
            Example("undo shop.store sales --let-go --reason 'checked'", "Free the room."),
        ],
        run: undoReplay
    )
}

@Sendable
private func undoReplay(_ context: VerbContext) throws -> ExitStatus {
    let operand = context.arguments.operand("OPERATION")
    let processors = try context.openOperations().processors()
    if context.arguments.has("let-go") { return try request(.letGo(group: operand), context) }
    guard let processor = processors.first(where: { $0.isMeant(by: operand) }),
        let operation = EventID(operand) ?? processor.undoable
    else {
        throw CommandFailure(.refused, refusal(of: operand, processors))
    }
    return try request(.undo(group: processor.group, operation: operation), context)
}

private func refusal(of operand: String, _ processors: [ProcessorStatus]) -> String {
    if processors.contains(where: { $0.group == operand }) {
        return "no replay of the group \(operand) can be undone: no rows are kept"
    }
    return EventID(operand) == nil
        ? "'\(operand)' is neither the id of an operation nor the name of a group"
        : "operation \(operand) is no replay whose former rows are kept"
}

extension ProcessorStatus {
    /// The replay that can be undone or ended; nothing where there is none.
    fileprivate var undoable: EventID? { shadow?.operation ?? kept?.operation }

    /// Whether an operand names the group, or a replay of it that can be undone or ended.
    fileprivate func isMeant(by operand: String) -> Bool {
        guard let operation = EventID(operand) else { return group == operand }
        return operation == shadow?.operation || operation == kept?.operation
    }
}
