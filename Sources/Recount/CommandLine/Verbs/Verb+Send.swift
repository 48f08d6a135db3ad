import Aggregates
import EventLog
import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    /// Only programs have it whose aggregates take commands.
    static let send = Verb(
        "send",
        "Send a command to an aggregate",
        discussion: "The aggregate is loaded and decides; what follows is on disk when the verb "
            + "ends. The same command id again changes nothing and returns the first outcome.",
        operands: [
            .store, Operand("STREAM", "The aggregate's stream, such as cart-7."),
            Operand("COMMAND", "The command as JSON: its case with its values."),
        ],
        options: [
            VerbOption("id", "UUID", "The identity of the command; a random one where absent."),
            VerbOption("actor", "NAME", "Who sends it; the user of the system where absent."),
            .json,
        ],
        examples: [
            Example(
                #"send shop.store cart-7 '{"add":{"item":"book","cents":1250}}'"#,
                "Send the command `add` to cart-7."
            )
        ],
        exitStatuses: [
            ExitStatusMeaning(.refused, "The aggregate said no, or the store is read-only.")
        ],
        run: sendCommand
    )
}

@Sendable
private func sendCommand(_ context: VerbContext) throws -> ExitStatus {
    let stream = StreamName(context.arguments.operand("STREAM"))
    let application = context.service(Application.self) ?? Application()
    guard let receiver = application.receivers.first(where: { $0.category == stream.category })
    else {
        let known = application.receivers.map(\.category.text).joined(separator: ", ")
        throw CommandFailure.usage(
            "no aggregate of the category \(stream.category) takes commands; there are: \(known)"
        )
    }
    guard stream.text.utf8.count > stream.category.text.utf8.count + 1 else {
        throw CommandFailure.usage("\(stream) names no aggregate; say \(stream.category)-ID")
    }
    let id = try context.arguments.value("id", "a UUID") { EventID($0) }
    var generator = SystemRandomNumberGenerator()
    let metadata = CommandMetadata(
        commandID: id ?? EventID(time: EventLog.systemTime(), using: &generator),
        actor: context.arguments.text("actor")
    )
    let operations = try context.openOperations()
    let store = try OpenStore(operations.log, version: application.version)
    defer { store.close() }
    let reply = try receiver.receive(
        store,
        Array(context.arguments.operand("COMMAND").utf8),
        String(stream.text.dropFirst(stream.category.text.count + 1)),
        metadata
    )
    let state = try operations.state(of: stream, at: .head)
    if context.printsJSON {
        try printObject(reply, state, context)
    } else {
        try print(reply, state, context)
    }
    return .done
}

private func print(
    _ reply: CommandReceiver.Reply,
    _ state: AggregateState,
    _ context: VerbContext
) throws {
    for placement in reply.placements {
        try context.output.line(
            "\(reply.isRepeated ? "already there" : "appended"): position \(placement.position), "
                + "sequence \(placement.sequence) of \(state.stream)"
        )
    }
    if reply.placements.isEmpty { try context.output.line("nothing to do") }
    try context.output.lines(of: state)
}

private func printObject(
    _ reply: CommandReceiver.Reply,
    _ state: AggregateState,
    _ context: VerbContext
) throws {
    try context.output.object { writer in
        writer.member("stream", state.stream.text)
        writer.member("known", reply.isRepeated)
        writer.key("placements")
        writer.beginArray()
        for placement in reply.placements {
            writer.beginObject()
            writer.member("position", placement.position.number)
            writer.member("sequence", placement.sequence.number)
            writer.endObject()
        }
        writer.endArray()
        writer.key("state")
        if let json = state.json { writer.raw(json.span) } else { writer.null() }
    }
}
