import Screen
import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let state = Verb(
        "state",
        "Show the state of an aggregate, now or at any point of its history",
        discussion: "Without rules for the category, the state is the JSON merge (RFC 7396) of "
            + "the payloads: one of another media type that is no JSON changes nothing, one that "
            + "is said to be JSON and cannot be read is an error.",
        operands: [.store, .stream],
        options: [
            VerbOption("at", "N", "After the event with this sequence."),
            VerbOption("at-time", "T", "After the events that happened up to this time."),
            VerbOption("at-position", "P", "After the last event up to this position."),
            .json,
        ],
        examples: [
            Example("state shop.store customer-17850", "See the state now."),
            Example(
                "state shop.store customer-17850 --at-time 2011-03-01T00:00:00Z --json",
                "See it as it was then."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "The stream does not exist at that point.")
        ],
        run: showState
    )

    static let difference = Verb(
        "diff",
        "Show which fields differ between two states of an aggregate",
        operands: [
            .store, .stream, Operand("N", "The sequence of the earlier state."),
            Operand("M", "The sequence of the later state."),
        ],
        options: [.json],
        examples: [
            Example("diff shop.store customer-17850 3 4", "See what the event at 4 changed.")
        ],
        run: showDifference
    )
}

extension Operand {
    /// A stream.
    static let stream = Operand("STREAM", "The name of the stream.")
}

@Sendable
private func showState(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let points: [StatePoint?] = [
        try arguments.sequence("at").map(StatePoint.sequence),
        try arguments.time("at-time").map(StatePoint.time),
        try arguments.position("at-position").map(StatePoint.position),
    ]
    guard points.count(where: { $0 != nil }) <= 1 else {
        throw CommandFailure.usage("give one of --at, --at-time and --at-position")
    }
    let stream = StreamName(arguments.operand(Operand.stream.name))
    let operations = try context.openOperations()
    let point = points.compactMap(\.self).first ?? .head
    let state = try operations.state(of: stream, at: point)
    if context.printsJSON {
        try printObject(state, context)
    } else if let last = state.last {
        try context.output.line(
            "\(stream) at sequence \(last.sequence), position \(last.position), \(last.eventTime)"
        )
        try context.output.lines(of: state)
    } else {
        try context.messages.line(
            "\(TerminalText.sanitized(stream.text)) does not exist at that point"
        )
    }
    return state.last == nil ? .finding : .done
}

private func printObject(_ state: AggregateState, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("stream", state.stream.text)
        writer.member("sequence", state.last?.sequence.number)
        writer.member("position", state.last?.position.number)
        writer.member("time", state.last?.eventTime.description)
        writer.member("recordedTime", state.last?.recordedTime.description)
        writer.key("state")
        if let json = state.json { writer.raw(json.span) } else { writer.null() }
    }
}

@Sendable
private func showDifference(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let differences = try context.openOperations().difference(
        of: StreamName(arguments.operand(Operand.stream.name)),
        from: try sequence(arguments, "N"),
        to: try sequence(arguments, "M")
    )
    if context.printsJSON {
        for difference in differences {
            try context.output.object { writer in
                writer.member("path", difference.path)
                writer.key("before")
                writer.rawOrNull(difference.before)
                writer.key("after")
                writer.rawOrNull(difference.after)
            }
        }
        return .done
    }
    if differences.isEmpty { try context.output.line("the states are equal") }
    for difference in differences {
        try context.output.line(TerminalText.sanitized(difference.sentence))
    }
    return .done
}

private func sequence(_ arguments: VerbArguments, _ name: String) throws -> Sequence {
    let text = arguments.operand(name)
    guard let number = UInt64(text) else {
        throw CommandFailure.usage("\(name) must be a sequence, a whole number; it is '\(text)'")
    }
    return Sequence(number)
}

extension CommandOutput {
    /// Writes the fields of a state, those inside others indented.
    func lines(of state: AggregateState) throws {
        for line in state.lines {
            let indentation = String(repeating: "  ", count: line.depth + 1)
            try self.line(indentation + TerminalText.sanitized(line.text))
        }
    }
}

extension JSONWriter {
    /// Writes JSON text verbatim, or `null` for nothing.
    fileprivate mutating func rawOrNull(_ text: String?) {
        if let text { raw(Array(text.utf8).span) } else { null() }
    }
}

extension FieldDifference {
    /// The difference with a mark for what happened to the field.
    fileprivate var sentence: String {
        switch (before, after) {
        case (nil, let after?): "+ \(path) \(after)"
        case (let before?, nil): "- \(path) \(before)"
        case (let before, let after): "~ \(path) \(before ?? "") -> \(after ?? "")"
        }
    }
}
