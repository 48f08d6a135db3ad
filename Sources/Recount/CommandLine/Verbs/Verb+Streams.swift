import EventLog
import EventModel
import EventStorage
import JSON

extension Verb {
    static let streams = Verb(
        "streams",
        "List the streams of a store",
        operands: [.store],
        options: [
            VerbOption("category", "C", "Only streams of this category."),
            VerbOption("prefix", "X", "Only streams whose name starts with this."),
            VerbOption(
                "by",
                "name|events|recent",
                "What comes first: the first by name (this is the default), those with the most "
                    + "events, or those that changed last."
            ),
            VerbOption("limit", "N", "At most this many streams."),
            .json,
        ],
        examples: [
            Example(
                "streams shop.store --category customer --by events --limit 10",
                "List the ten customers with the most events."
            )
        ],
        run: listStreams
    )
}

@Sendable
private func listStreams(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let request = StreamsRequest(
        category: arguments.text("category").map(Category.init),
        prefix: arguments.text("prefix") ?? "",
        order: try arguments.choice("by") ?? .name,
        limit: try arguments.count("limit") ?? .max
    )
    let streams = try context.openStore().streams(request)
    if context.printsJSON {
        for stream in streams { try printObject(stream, context) }
        return .done
    }
    var table = TextTable(
        [.text("stream"), .number("events"), .number("position"), .text("first"), .text("last")],
        to: context.output
    )
    for stream in streams {
        try table.row([
            stream.stream.text, String(stream.eventCount), stream.lastPosition.description,
            stream.firstTime.description, stream.lastTime.description,
        ])
    }
    try table.flush()
    return .done
}

private func printObject(_ stream: StreamSummary, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("stream", stream.stream.text)
        writer.member("category", stream.stream.category.text)
        writer.member("events", stream.eventCount)
        writer.member("lastPosition", stream.lastPosition.number)
        writer.member("firstTime", stream.firstTime.description)
        writer.member("lastTime", stream.lastTime.description)
    }
}
