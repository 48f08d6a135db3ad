import EventModel
import Operations
import OperationsModel

extension Verb {
    static let pause = Verb(
        "pause",
        "Stop a processing group after the batch it is in",
        operands: [.store, .group],
        options: [.reason, .noWait],
        examples: [
            Example("pause shop.store sales --reason 'deploying'", "Hold one read model still.")
        ],
        run: { context in
            let group = context.arguments.operand(Operand.group.name)
            return try request(.pause(group: group), context)
        }
    )

    static let resume = Verb(
        "resume",
        "Let a paused or failing processing group go on",
        operands: [.store, .group],
        options: [.reason, .noWait],
        examples: [
            Example("resume shop.store sales --reason 'deployed'", "Go on where it stopped.")
        ],
        run: { context in
            let group = context.arguments.operand(Operand.group.name)
            return try request(.resume(group: group), context)
        }
    )
}

extension Operand {
    /// A processing group.
    static let group = Operand("GROUP", "The name of the processing group.")
}

extension VerbOption {
    /// Why an operator does something.
    static let reason = VerbOption(
        "reason",
        "R",
        "Why; it is kept with the operation.",
        isRequired: true
    )

    /// Leaves without waiting for an outcome.
    static let noWait = VerbOption(
        "no-wait",
        nil,
        "Only record the request; do not wait for what comes of it."
    )
}

/// Records a request and waits a moment for the host to obey it.
func request(_ kind: OperationRequest.Kind, _ context: VerbContext) throws -> ExitStatus {
    let operations = try context.openOperations()
    let reason = context.arguments.text(VerbOption.reason.name) ?? ""
    let id = try operations.request(OperationRequest(kind, reason: reason))
    if context.arguments.has(VerbOption.noWait.name) {
        try context.output.line("recorded as operation \(id)")
        return .done
    }
    Interrupt.catchSignals()
    let entry = try operations.waitForOutcome(of: id, timeoutMilliseconds: 5000) { _ in
        !Interrupt.isRaised
    }
    return try tell(entry, id, context)
}

/// Prints what came of an operation, and finds the exit status for it.
func tell(
    _ entry: OperationEntry?,
    _ id: EventID,
    _ context: VerbContext
) throws -> ExitStatus {
    switch entry?.outcome {
    case .completed(let message):
        let change = entry.map { $0.change.isEmpty ? "" : " (\($0.change))" } ?? ""
        try context.output.line("\(entry?.target ?? ""): \(message)\(change)")
        return .done
    case .refused(let reason):
        throw CommandFailure(.refused, reason)
    case .failed(let reason):
        throw CommandFailure(.finding, reason)
    case .running:
        try context.output.line(
            "operation \(id) is being carried out; "
                + "follow it with '\(context.table.program) operations'"
        )
        return .done
    case .pending, nil:
        try context.output.line(
            "operation \(id) is recorded, but no process runs the store yet; "
                + "it is obeyed when '\(context.table.program) run' or the application starts"
        )
        return .done
    }
}
