import EventModel
import JSON
import Operations
import OperationsModel
import Screen

extension Verb {
    static let why = Verb(
        "why",
        "Tell whether read models show everything of a stream, and why not",
        operands: [
            .store, Operand("STREAM", "The name of the stream."),
            Operand("GROUP", "Only this processing group.", count: .optional),
        ],
        options: [.json],
        examples: [
            Example("why shop.store customer-17850", "See which read models lack what, and why.")
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "A read model does not show the stream's last event.")
        ],
        run: tellWhy
    )
}

@Sendable
private func tellWhy(_ context: VerbContext) throws -> ExitStatus {
    let standings = try context.openOperations().standings(
        of: StreamName(context.arguments.operand("STREAM")),
        in: context.arguments.optionalOperand("GROUP")
    )
    for standing in standings {
        if context.printsJSON {
            try printObject(standing, context)
        } else {
            for line in lines(standing) { try context.output.line(TerminalText.sanitized(line)) }
        }
    }
    return standings.allSatisfy(\.isCurrent) ? .done : .finding
}

private func lines(_ standing: StreamStanding) -> [String] {
    let last = "position \(standing.lastPosition)"
    guard !standing.isCurrent else {
        return ["\(standing.group): shows everything of \(standing.stream), the last at \(last)"]
    }
    var lines = ["\(standing.group): does not show \(standing.stream) as of \(last)"]
    lines += standing.causes.map { "  because \($0)" }
    let status = standing.processor
    let share = standing.segment.map { $0.shareCount > 1 ? "segment \($0.number), " : "" } ?? ""
    let owner = status.owner.map { "run by \($0)" } ?? "run by no process"
    let heartbeat = status.heartbeatSeconds.map {
        ", last sign of life \(NumberFormat.duration($0)) ago"
    }
    lines.append(
        "  \(share)\(status.state.words), \(owner)\(heartbeat ?? ""), token at position "
            + "\(status.position), lag \(NumberFormat.grouped(status.lagEvents)) events"
    )
    if let letters = standing.letters, letters.heldCount > 0 {
        lines.append("  \(letters.heldCount) later events wait behind the dead letter")
    }
    if let remedy = standing.remedy { lines.append("  \(remedy)") }
    return lines
}

private func printObject(_ standing: StreamStanding, _ context: VerbContext) throws {
    let status = standing.processor
    try context.output.object { writer in
        writer.member("group", standing.group)
        writer.member("stream", standing.stream.text)
        writer.member("isCurrent", standing.isCurrent)
        writer.member("lastPosition", standing.lastPosition.number)
        writer.key("causes")
        writer.strings(standing.causes)
        writer.member("remedy", standing.remedy)
        writer.member("state", status.state.rawValue)
        writer.member("position", status.position.number)
        writer.member("lagEvents", status.lagEvents)
        writer.member("lagSeconds", status.lagSeconds)
        writer.member("owner", status.owner)
        writer.member("heartbeatSeconds", status.heartbeatSeconds)
        writer.member("failure", status.failure)
        writer.member("sequence", standing.sequenceKey)
        writer.member("segment", standing.segment?.number)
        writer.member("deadLetterPosition", standing.letters?.position.number)
        writer.member("deadLetterCause", standing.letters?.cause)
        writer.member("held", standing.letters?.heldCount)
    }
}
