import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let effects = Verb(
        "effects",
        "Show what is to be done outside the store, try it again or give it up",
        discussion: "What a projection written in Swift asks for, such as a mail, is performed by "
            + "the process that runs the group, at most once. What fails is tried again after 1, 10 "
            + "and 60 seconds, then when asked. What was begun when its process ended is in doubt: "
            + "it may have been done, and is only tried again when asked. Later effects of its "
            + "sequence wait.",
        operands: [
            .store, Operand("GROUP", "The name of the processing group.", count: .optional),
            Operand("ACT", "retry or give-up.", count: .optional),
            Operand("ID", "The effect.", count: .optional),
        ],
        options: [
            VerbOption("reason", "R", "Why; it is kept with the operation. Needed for an ACT."),
            .noWait, .json,
        ],
        examples: [
            Example("effects shop.store", "See what waits, failed or is in doubt."),
            Example(
                "effects shop.store dunning give-up 0190a1b2-0000-8000-8000-000000000000 "
                    + "--reason 'the mail was sent'",
                "Say that one that is in doubt was done."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "Effects failed or are in doubt, and wait for an operator.")
        ],
        run: doEffects
    )
}

@Sendable
private func doEffects(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let group = arguments.optionalOperand("GROUP")
    guard let act = arguments.optionalOperand("ACT"), let group else {
        return try list(group, context)
    }
    guard let choice = EffectChoice(rawValue: act) else {
        throw CommandFailure.usage("effects are retried or given up: retry, give-up, not '\(act)'")
    }
    guard let id = arguments.optionalOperand("ID").flatMap(EventID.init) else {
        throw CommandFailure.usage("to \(act) needs the ID of an effect, as 'effects' shows it")
    }
    guard arguments.text("reason")?.isEmpty == false else {
        throw CommandFailure.usage("to \(act) needs --reason R")
    }
    return try request(.effect(group: group, effect: id, choice), context)
}

private func list(_ group: String?, _ context: VerbContext) throws -> ExitStatus {
    let effects = try context.openOperations().effects(EffectsRequest(group: group))
    if context.printsJSON {
        for effect in effects { try printObject(effect, context) }
    } else {
        try printTable(effects, context)
    }
    return effects.contains(where: \.needsOperator) ? .finding : .done
}

private func printTable(_ effects: [EffectEntry], _ context: VerbContext) throws {
    var table = TextTable(
        [
            .text("group"), .text("id"), .text("kind"), .text("key"), .number("position"),
            .text("sequence"), .text("state"), .number("attempts"), .text("again"), .text("cause"),
        ],
        to: context.output
    )
    for effect in effects {
        try table.row([
            effect.group, effect.id.description, effect.kind, effect.key,
            effect.position.description, effect.sequenceKey, effect.state.rawValue,
            String(effect.attempts), effect.nextAttempt?.description ?? "", effect.cause ?? "",
        ])
    }
    try table.flush()
}

private func printObject(_ effect: EffectEntry, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("group", effect.group)
        writer.member("id", effect.id.description)
        writer.member("kind", effect.kind)
        writer.member("key", effect.key)
        writer.member("position", effect.position.number)
        writer.member("sequence", effect.sequenceKey)
        writer.member("state", effect.state.rawValue)
        writer.member("attempts", effect.attempts)
        writer.member("nextAttempt", effect.nextAttempt?.description)
        writer.member("cause", effect.cause)
        writer.member("payload", effect.payload)
    }
}
