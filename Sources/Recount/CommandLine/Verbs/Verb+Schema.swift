import EventLog
import EventModel
import EventStorage
import JSON

extension Verb {
    static let schema = Verb(
        "schema",
        "Count the types and revisions a store holds",
        operands: [.store],
        options: [.json],
        examples: [Example("schema shop.store", "List every type with its revisions.")],
        run: showSchema
    )
}

@Sendable
private func showSchema(_ context: VerbContext) throws -> ExitStatus {
    let census = try context.openStore().census()
    if context.printsJSON {
        for entry in census { try printObject(entry, context) }
        return .done
    }
    var table = TextTable(
        [
            .text("type"), .number("revision"), .number("events"), .number("first"),
            .number("last"), .text("first recorded"), .text("last recorded"),
        ],
        to: context.output
    )
    for entry in census {
        try table.row([
            entry.type.text, String(entry.revision), String(entry.count),
            entry.firstPosition.description, entry.lastPosition.description,
            entry.firstTime.description, entry.lastTime.description,
        ])
    }
    try table.flush()
    return .done
}

private func printObject(_ entry: TypeCensus, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("type", entry.type.text)
        writer.member("revision", entry.revision)
        writer.member("events", entry.count)
        writer.member("firstPosition", entry.firstPosition.number)
        writer.member("lastPosition", entry.lastPosition.number)
        writer.member("firstTime", entry.firstTime.description)
        writer.member("lastTime", entry.lastTime.description)
    }
}
