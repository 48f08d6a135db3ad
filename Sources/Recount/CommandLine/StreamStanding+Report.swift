import JSON
import OperationsModel

extension StreamStanding {
    /// The standing in lines, which are sanitized where they are shown.
    var lines: [String] {
        let last = "position \(lastPosition)"
        guard !isCurrent else {
            return ["\(group): shows everything of \(stream), the last at \(last)"]
        }
        var lines = ["\(group): does not show \(stream) as of \(last)"]
        lines += causes.map { "  because \($0)" }
        let status = processor
        let share = segment.map { $0.shareCount > 1 ? "segment \($0.number), " : "" } ?? ""
        let owner = status.owner.map { "run by \($0)" } ?? "run by no process"
        let heartbeat = status.heartbeatSeconds.map {
            ", last sign of life \(NumberFormat.duration($0)) ago"
        }
        lines.append(
            "  \(share)\(status.state.words), \(owner)\(heartbeat ?? ""), token at position "
                + "\(status.position), lag \(NumberFormat.grouped(status.lagEvents)) events"
        )
        if let letters, letters.heldCount > 0 {
            lines.append("  \(letters.heldCount) later events wait behind the dead letter")
        }
        if let remedy { lines.append("  \(remedy)") }
        return lines
    }

    /// Writes the members of the standing's object.
    func writeMembers(to writer: inout JSONWriter) {
        let status = processor
        writer.member("group", group)
        writer.member("stream", stream.text)
        writer.member("isCurrent", isCurrent)
        writer.member("lastPosition", lastPosition.number)
        writer.key("causes")
        writer.strings(causes)
        writer.member("remedy", remedy)
        writer.member("state", status.state.rawValue)
        writer.member("position", status.position.number)
        writer.member("lagEvents", status.lagEvents)
        writer.member("lagSeconds", status.lagSeconds)
        writer.member("owner", status.owner)
        writer.member("heartbeatSeconds", status.heartbeatSeconds)
        writer.member("failure", status.failure)
        writer.member("sequence", sequenceKey)
        writer.member("segment", segment?.number)
        writer.member("deadLetterPosition", letters?.position.number)
        writer.member("deadLetterCause", letters?.cause)
        writer.member("held", letters?.heldCount)
    }
}
