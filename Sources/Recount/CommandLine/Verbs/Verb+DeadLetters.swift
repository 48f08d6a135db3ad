import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let deadLetters = Verb(
        "dead-letters",
        "Show the events that could not be handled, try them again or give them up",
        discussion: "An event whose handling fails is put aside with the later events of its "
            + "sequence; other sequences go on. It is tried again after 1, 10 and 60 seconds, then "
            + "when asked. 'retry' tries the chosen sequences one after the other, each from its "
            + "first letter on, and stops at the first that fails again. 'discard' gives letters "
            + "up, and 'skip' has the group never handle an event, also not in a replay.",
        operands: [
            .store, Operand("GROUP", "The name of the processing group.", count: .optional),
            Operand("ACT", "retry, discard or skip.", count: .optional),
        ],
        options: [
            VerbOption("position", "P", "Only the letter of this event, or the event to skip."),
            VerbOption("sequence", "S", "Only the letters of this sequence, such as a stream."),
            VerbOption("cause", "C", "Only letters that failed for this cause, word for word."),
            VerbOption("all", nil, "Every letter of the group."),
            VerbOption("causes", nil, "Show the causes, each with its number of sequences."),
            VerbOption("rate", "N", "Retry at most this many events a second."),
            VerbOption("go-on", nil, "Retry the other sequences also after one failed again."),
            VerbOption("limit", "N", "Show this many sequences of a group; 100 by default."),
            VerbOption("reason", "R", "Why; it is kept with the operation. Needed for an ACT."),
            .noWait, .json,
        ],
        examples: [
            Example("dead-letters shop.store --causes", "See what fails, and how often."),
            Example("dead-letters shop.store sales", "See each sequence that waits."),
            Example(
                "dead-letters shop.store sales retry --all --reason 'projection mended'",
                "Try them all again, as long as they go well."
            ),
            Example(
                "dead-letters shop.store sales discard --position 4711 --reason 'void invoice'",
                "Give one up; the events behind it are handled."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "There are dead letters, or a retry failed.")
        ],
        run: doDeadLetters
    )
}

@Sendable
private func doDeadLetters(_ context: VerbContext) throws -> ExitStatus {
    let group = context.arguments.optionalOperand("GROUP")
    guard let act = context.arguments.optionalOperand("ACT"), let group else {
        return try list(group, context)
    }
    return try request(kind(act, group, context.arguments), context)
}

/// What an act asks for.
private func kind(
    _ act: String,
    _ group: String,
    _ arguments: VerbArguments
) throws -> OperationRequest.Kind {
    guard arguments.text("reason")?.isEmpty == false else {
        throw CommandFailure.usage("to \(act) needs --reason R")
    }
    switch act {
    case "retry":
        return .retry(
            RetryRequest(
                group: group,
                letters: try letters(act, arguments),
                rateLimit: try arguments.count("rate"),
                stopsAtFailure: !arguments.has("go-on")
            )
        )
    case "discard":
        return .discard(group: group, try letters(act, arguments))
    case "skip":
        guard let position = try position(arguments) else {
            throw CommandFailure.usage("to skip needs --position P")
        }
        return .skip(group: group, position)
    default:
        throw CommandFailure.usage("dead letters are retried, discarded or skipped, not '\(act)'")
    }
}

/// The letters that are meant, of which exactly one option tells.
private func letters(_ act: String, _ arguments: VerbArguments) throws -> LetterChoice {
    let choices: [LetterChoice?] = [
        try position(arguments).map(LetterChoice.position),
        arguments.text("sequence").map(LetterChoice.sequence),
        arguments.text("cause").map(LetterChoice.cause),
        arguments.has("all") ? .all : nil,
    ]
    let chosen = choices.compactMap { $0 }
    guard let choice = chosen.first, chosen.count == 1 else {
        throw CommandFailure.usage(
            "to \(act) needs one of --position, --sequence, --cause and --all"
        )
    }
    return choice
}

private func position(_ arguments: VerbArguments) throws -> Position? {
    try arguments.value("position", "a position") { UInt64($0).map(Position.init) }
}

// MARK: - Showing them

private func list(_ group: String?, _ context: VerbContext) throws -> ExitStatus {
    let showsCauses = context.arguments.has("causes")
    let limit = try context.arguments.count("limit") ?? (showsCauses ? Int.max : 100)
    let sequences = try context.openOperations().deadLetters(of: group, limit: limit)
    if showsCauses {
        try printCauses(sequences, context)
    } else if context.printsJSON {
        for sequence in sequences { try printObject(sequence, context) }
    } else {
        try printTable(sequences, context)
    }
    return sequences.isEmpty ? .done : .finding
}

private func printTable(_ sequences: [DeadLetterSequence], _ context: VerbContext) throws {
    var table = TextTable(
        [
            .text("group"), .number("position"), .text("type"), .text("sequence"),
            .number("held"), .number("attempts"), .text("failed"), .text("again"), .text("cause"),
        ],
        to: context.output
    )
    for sequence in sequences {
        try table.row([
            sequence.group, sequence.position.description, sequence.type.text, sequence.key,
            NumberFormat.grouped(sequence.heldCount), String(sequence.attempts),
            sequence.lastTime?.description ?? "", sequence.again,
            sequence.cause ?? "",
        ])
    }
    try table.flush()
}

extension DeadLetterSequence {
    /// When it is tried again, in words.
    fileprivate var again: String {
        if cause == nil { return "at once" }
        return nextAttempt?.description ?? "when asked"
    }
}

private func printObject(_ sequence: DeadLetterSequence, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("group", sequence.group)
        writer.member("sequence", sequence.key)
        writer.member("position", sequence.position.number)
        writer.member("stream", sequence.stream.text)
        writer.member("type", sequence.type.text)
        writer.member("held", sequence.heldCount)
        writer.member("cause", sequence.cause)
        writer.member("attempts", sequence.attempts)
        writer.member("firstTime", sequence.firstTime?.description)
        writer.member("lastTime", sequence.lastTime?.description)
        writer.member("nextAttempt", sequence.nextAttempt?.description)
    }
}

/// What makes events fail in a group, with how many wait for it.
private struct Cause: Hashable {
    let group: String
    let text: String
}

private func printCauses(_ sequences: [DeadLetterSequence], _ context: VerbContext) throws {
    let causes = Dictionary(grouping: sequences) { Cause(group: $0.group, text: $0.cause ?? "") }
        .sorted { ($1.value.count, $0.key.text) < ($0.value.count, $1.key.text) }
    var table = TextTable(
        [
            .text("group"), .number("sequences"), .number("letters"), .number("first"),
            .text("cause"),
        ],
        to: context.output
    )
    for (cause, sequences) in causes {
        let letterCount = sequences.reduce(0) { $0 + 1 + $1.heldCount }
        let first = sequences.map(\.position).min() ?? .start
        if context.printsJSON {
            try context.output.object { writer in
                writer.member("group", cause.group)
                writer.member("cause", cause.text)
                writer.member("sequences", sequences.count)
                writer.member("letters", letterCount)
                writer.member("firstPosition", first.number)
            }
        } else {
            try table.row([
                cause.group, NumberFormat.grouped(sequences.count),
                NumberFormat.grouped(letterCount), first.description, cause.text,
            ])
        }
    }
    if !context.printsJSON { try table.flush() }
}
