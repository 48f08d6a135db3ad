import EventLog
import EventModel
import EventStorage
import JSON

extension Verb {
    static let schema = Verb(
        "schema",
        "Count the types and revisions a store holds, or check that all can be read",
        discussion: "'check' reads the whole store with the program and the model of today: every "
            + "event goes through the upcasters, and then into the fold of its category, stream "
            + "by stream and on all processors. It tells each type and revision that cannot be "
            + "read, with an example and what is missing, and those that no rule, projection or "
            + "upcaster mentions, which is no error. An event that cannot be read leaves the "
            + "state as it was. The SQL of projections is not run. Nothing is written.",
        operands: [.store, Operand("ACT", "check.", count: .optional)],
        options: [.json],
        examples: [
            Example("schema shop.store", "List every type with its revisions."),
            Example("schema shop.store check", "See whether every stored event can be read."),
        ],
        exitStatuses: [ExitStatusMeaning(.finding, "There are events that cannot be read.")],
        run: doSchema
    )
}

@Sendable
private func doSchema(_ context: VerbContext) throws -> ExitStatus {
    switch context.arguments.optionalOperand("ACT") {
    case nil: return try listSchema(context)
    case "check": return try SchemaCheck(context).perform()
    case let other?:
        throw CommandFailure.usage("a schema is listed or checked; '\(other)' is neither")
    }
}

private func listSchema(_ context: VerbContext) throws -> ExitStatus {
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
