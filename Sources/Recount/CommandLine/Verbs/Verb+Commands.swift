import Aggregates
import EventLog
import EventModel
import JSON
import Operations

extension Verb {
    static let commands = Verb(
        "commands",
        "Show how often commands were carried out, and how long they took",
        discussion: "Counts refused commands too, of every process that has the store open; from "
            + "the call to the answer. Times of fifteen microseconds and less are exact, longer "
            + "ones at most an eighth too long; the longest is exact.",
        operands: [.store],
        options: [
            VerbOption("hours", "N", "Of so many hours; 24 unless told otherwise, at most 720."),
            .json,
        ],
        examples: [Example("commands shop.store --hours 1", "Show the commands of this hour.")],
        run: listCommands
    )
}

@Sendable
private func listCommands(_ context: VerbContext) throws -> ExitStatus {
    let hours = min(try context.arguments.count("hours") ?? 24, 720)
    let directory = try context.openStore().directory
    let start = EventLog.systemTime().microseconds - Int64(hours) * 3_600_000_000
    let entries = try CommandDatabase(path: directory.commands)
        .entries(since: Timestamp(microseconds: start))
    if context.printsJSON {
        for entry in entries { try printObject(entry, context) }
        return .done
    }
    if entries.isEmpty {
        try context.messages.line("no command was carried out in the last \(hours) hours")
    }
    var table = TextTable(
        [
            .text("aggregate"), .text("command"), .number("count"), .number("p50 µs"),
            .number("p99 µs"), .number("longest µs"),
        ],
        to: context.output
    )
    for entry in entries {
        let latencies = entry.latencies
        try table.row([
            entry.category.text, entry.command, String(latencies.count),
            String(latencies.microseconds(atShare: 0.5)),
            String(latencies.microseconds(atShare: 0.99)),
            String(latencies.maximumMicroseconds),
        ])
    }
    try table.flush()
    return .done
}

private func printObject(_ entry: CommandStatistics.Entry, _ context: VerbContext) throws {
    let latencies = entry.latencies
    try context.output.object { writer in
        writer.member("aggregate", entry.category.text)
        writer.member("command", entry.command)
        writer.member("count", latencies.count)
        writer.member("p50Microseconds", latencies.microseconds(atShare: 0.5))
        writer.member("p99Microseconds", latencies.microseconds(atShare: 0.99))
        writer.member("maximumMicroseconds", latencies.maximumMicroseconds)
    }
}
