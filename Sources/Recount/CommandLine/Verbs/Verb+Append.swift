import EventLog
import EventModel
import EventStorage
import JSON

extension Verb {
    static let append = Verb(
        "append",
        "Append one event",
        discussion: "The event is on disk when the verb ends. Appending the same id again "
            + "changes nothing and returns the place of the first time.",
        operands: [
            .store, Operand("STREAM", "The stream the event goes to."),
            Operand("TYPE", "The type of the event."),
        ],
        options: [
            VerbOption(
                "data",
                "JSON",
                "The payload, '{}' where absent; '-' reads it from the standard input."
            ),
            VerbOption("metadata", "JSON", "Facts about the event rather than of the domain."),
            VerbOption("tag", "K:V", "What the event can be found by.", isRepeatable: true),
            VerbOption("id", "UUID", "The identity; a random one where absent."),
            VerbOption(
                "expect",
                "any|no-stream|exists|N",
                "Where the stream must stand; N is the sequence of its last event."
            ),
            VerbOption("revision", "N", "The revision of the type; 1 where absent."),
            .json,
        ],
        examples: [
            Example(
                #"append shop.store cart-7 ItemAdded --data '{"sku":"A1"}'"#,
                "Append an event to the stream cart-7."
            ),
            Example(
                "append shop.store cart-7 CheckedOut --expect 3 --tag customer:17850",
                "Append only if the last sequence of the stream is 3."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(
                .refused,
                "The stream does not stand where it was expected, the id belongs to another "
                    + "event, a limit is broken, or the store is read-only."
            )
        ],
        run: appendEvent
    )
}

@Sendable
private func appendEvent(_ context: VerbContext) throws -> ExitStatus {
    let stream = StreamName(context.arguments.operand("STREAM"))
    guard !stream.isSystem else {
        throw CommandFailure.usage(
            "streams that start with '$' belong to Recount; choose another name than '\(stream)'"
        )
    }
    let event = try pendingEvent(context.arguments)
    let expectation = try context.arguments.value(
        "expect",
        "any, no-stream, exists or the sequence of the last event",
        StreamExpectation.init(argument:)
    )
    let store = try context.openStore()
    let request = AppendRequest([event], to: stream, expecting: expectation ?? .any)
    let result = try store.append(request)
    for placement in result.placements {
        let isKnown = result.duplicateCount > 0
        if context.printsJSON {
            try context.output.object { writer in
                writer.member("position", placement.position.number)
                writer.member("stream", stream.text)
                writer.member("sequence", placement.sequence.number)
                writer.member("id", event.id.description)
                writer.member("known", isKnown)
            }
        } else {
            try context.output.line(
                "\(isKnown ? "already there" : "appended"): position \(placement.position), "
                    + "sequence \(placement.sequence) of \(stream), id \(event.id)"
            )
        }
    }
    return .done
}

private func pendingEvent(_ arguments: VerbArguments) throws -> PendingEvent {
    var generator = SystemRandomNumberGenerator()
    let id = try arguments.value("id", "a UUID") { EventID($0) }
    let revision = try arguments.value("revision", "a whole number from 1") { text in
        UInt32(text).flatMap { $0 > 0 ? $0 : nil }
    }
    var data = Array((arguments.text("data") ?? "{}").utf8)
    if arguments.text("data") == "-" {
        data = try StandardInput.bytes(sizeMax: StoreLimits.payloadSizeMax)
        while let last = data.last, last == 0x0A || last == 0x0D { data.removeLast() }
    }
    try check(data, isJSONFor: "data")
    let metadata = Array((arguments.text("metadata") ?? "").utf8)
    if !metadata.isEmpty { try check(metadata, isJSONFor: "metadata") }
    return PendingEvent(
        id: id ?? EventID(time: EventLog.systemTime(), using: &generator),
        type: EventType(arguments.operand("TYPE")),
        revision: revision ?? 1,
        tags: try arguments.tags("tag"),
        metadata: metadata,
        payload: data
    )
}

private func check(_ bytes: [UInt8], isJSONFor name: String) throws(CommandFailure) {
    var parser = JSONParser()
    do throws(JSONError) {
        _ = try parser.parse(bytes.span)
    } catch {
        throw .usage("--\(name) is not JSON: \(error)")
    }
}

extension StreamExpectation {
    /// Reads the form of the command line.
    fileprivate init?(argument: String) {
        switch argument {
        case "any": self = .any
        case "no-stream": self = .noStream
        case "exists": self = .streamExists
        default:
            guard let number = UInt64(argument) else { return nil }
            self = .exactly(Sequence(number))
        }
    }
}
