import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let operations = Verb(
        "operations",
        "Show who did what, why, when, and what came of it",
        operands: [.store],
        options: [VerbOption("limit", "N", "At most this many, newest first."), .json],
        examples: [Example("operations shop.store", "Read the audit trail, newest first.")],
        run: listOperations
    )
}

@Sendable
private func listOperations(_ context: VerbContext) throws -> ExitStatus {
    let limit = try context.arguments.count("limit") ?? .max
    let entries = try context.openOperations().operations(limit: limit)
    if context.printsJSON {
        for entry in entries { try printObject(entry, context) }
        return .done
    }
    var table = TextTable(
        [
            .text("time"), .text("operation"), .text("target"), .text("operator"),
            .text("outcome"), .text("change"), .text("reason"),
        ],
        to: context.output
    )
    for entry in entries {
        try table.row([
            entry.requestTime.description, entry.name, entry.target,
            "\(entry.operatorName)@\(entry.host)", entry.outcome.sentence, entry.change,
            entry.reason,
        ])
    }
    try table.flush()
    return .done
}

private func printObject(_ entry: OperationEntry, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("id", entry.id.description)
        writer.member("position", entry.position.number)
        writer.member("time", entry.requestTime.description)
        writer.member("operation", entry.name)
        writer.member("target", entry.target)
        writer.member("operator", entry.operatorName)
        writer.member("host", entry.host)
        writer.member("reason", entry.reason)
        writer.member("outcome", entry.outcome.name)
        writer.member("message", entry.outcome.message)
        writer.member("outcomeTime", entry.outcomeTime?.description)
        writer.member("change", entry.change)
    }
}

extension OperationEntry.Outcome {
    /// The outcome in a word.
    fileprivate var name: String {
        switch self {
        case .pending: "pending"
        case .running: "running"
        case .completed: "completed"
        case .refused: "refused"
        case .failed: "failed"
        }
    }

    /// What was said with it; nothing where nothing has come of the request yet.
    fileprivate var message: String? {
        switch self {
        case .pending, .running: nil
        case .completed(let message), .refused(let message), .failed(let message): message
        }
    }

    /// The outcome in words.
    fileprivate var sentence: String {
        switch self {
        case .pending, .running: name
        case .completed(let message): message
        case .refused(let reason): "refused: \(reason)"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}
