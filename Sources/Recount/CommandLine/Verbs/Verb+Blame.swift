import Aggregates
import EventModel
import JSON
import Operations
import Screen

extension Verb {
    static let blame = Verb(
        "blame",
        "Show for each field of a state the event that last set it",
        discussion: "PATH is written as in the output, such as address.city or lines[2]; a change "
            + "of anything inside counts as a change of the whole. The stream is folded from its "
            + "first event.",
        operands: [
            .store, .stream,
            Operand("PATH", "The way to a field; without it, every field.", count: .optional),
        ],
        options: [
            VerbOption("at", "N", "Of the state after the event with this sequence."), .json,
        ],
        examples: [
            Example("blame shop.store customer-17850", "See which event set each field."),
            Example(
                "blame shop.store customer-17850 netMills --at 7",
                "See which event had set one field by then."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "The stream or the field does not exist at that point.")
        ],
        run: showBlame
    )
}

@Sendable
private func showBlame(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let stream = StreamName(arguments.operand(Operand.stream.name))
    let text = arguments.optionalOperand("PATH")
    let path = text.flatMap { JSONPath($0) }
    if let text, path == nil {
        throw CommandFailure.usage(
            "PATH is written like address.city, lines[2] or [\"a b\"]; it is '\(text)'"
        )
    }
    let through = try arguments.sequence("at")
    let operations = try context.openOperations()
    let origins =
        if let path {
            try operations.origin(of: path, in: stream, through: through).map { [$0] } ?? []
        } else {
            try operations.origins(of: stream, through: through)
        }
    guard !origins.isEmpty else {
        let subject = path.map { "\($0) of \(stream)" } ?? "\(stream)"
        try context.messages.line("\(subject) does not exist at that point")
        return .finding
    }
    if context.printsJSON {
        for origin in origins { try printObject(origin, context) }
    } else {
        try printTable(origins, context)
    }
    return .done
}

private func printTable(_ origins: [FieldOrigin], _ context: VerbContext) throws {
    var table = TextTable(
        [
            .text("field"), .text("value"), .number("sequence"), .number("position"),
            .text("type"), .text("time"),
        ],
        to: context.output
    )
    for origin in origins {
        let event = origin.event
        try table.row([
            origin.path.description, origin.value.description, event.sequence.description,
            event.position.description, event.type.text, event.eventTime.description,
        ])
    }
    try table.flush()
}

private func printObject(_ origin: FieldOrigin, _ context: VerbContext) throws {
    let event = origin.event
    try context.output.object { writer in
        writer.member("path", origin.path.description)
        writer.key("value")
        writer.raw(origin.value.bytes().span)
        writer.member("sequence", event.sequence.number)
        writer.member("position", event.position.number)
        writer.member("id", event.id.description)
        writer.member("type", event.type.text)
        writer.member("time", event.eventTime.description)
        writer.member("recordedTime", event.recordedTime.description)
    }
}
