import EventModel
import JSON
import Operations
import OperationsModel

/// What a step of an interactive replay is told as.
struct StepReport {
    private let step: ReplayStep
    private let group: String

    init(_ step: ReplayStep, of group: String) {
        self.step = step
        self.group = group
    }

    /// The step in lines, which are sanitized where they are shown.
    var lines: [String] {
        var lines = [place]
        if let event = step.event, event.payloadSize > 0 { lines.append("  " + event.payloadText) }
        lines += (step.changes ?? []).map { "  " + $0.line }
        lines += [changeCount].compactMap { $0 }.map { "  " + $0 }
        lines += step.notes.map { "  " + $0 }
        lines += [ending].compactMap { $0 }
        return lines
    }

    private var place: String {
        var place = "position \(step.position)"
        if let event = step.event {
            place += "  \(event.recordedTime)  \(event.type)  \(event.stream)/\(event.sequence)"
            if !step.isHandled { place += "  (not handled)" }
        } else {
            place += "  (before the first event)"
        }
        if step.handledCount > 1 {
            place += "  (\(NumberFormat.grouped(step.handledCount)) handled events "
            place += step.position < step.from ? "back)" : "on)"
        }
        return place
    }

    private var changeCount: String? {
        guard let count = step.changeCount, let shown = step.changes?.count else { return nil }
        if step.from == step.position { return nil }
        if count == 0 { return "no row differs" }
        return count > shown ? "and \(NumberFormat.grouped(count - shown)) more rows" : nil
    }

    private var ending: String? {
        switch step.end {
        case .reached: nil
        case .atHead: "there is no such event up to the head"
        case .atStart: "there is nothing before the beginning"
        case .interrupted: "interrupted; the tables are as of position \(step.position)"
        case .failed(let cause): "the group cannot handle \(cause)"
        }
    }

    /// Writes the step as an object.
    func write(to output: CommandOutput) throws {
        try output.object { writer in
            writer.member("group", group)
            writer.member("from", step.from.number)
            writer.member("position", step.position.number)
            writer.member("end", endName)
            writer.member("failure", failure)
            writer.member("handled", step.handledCount)
            writer.key("event")
            if let event = step.event { write(event, to: &writer) } else { writer.null() }
            writer.key("changes")
            if let changes = step.changes {
                writer.beginArray()
                for change in changes { change.write(to: &writer) }
                writer.endArray()
            } else {
                writer.null()
            }
            writer.member("changeCount", step.changeCount)
            writer.key("notes")
            writer.strings(step.notes)
        }
    }

    private var endName: String {
        switch step.end {
        case .reached: "reached"
        case .atHead: "atHead"
        case .atStart: "atStart"
        case .interrupted: "interrupted"
        case .failed: "failed"
        }
    }

    private var failure: String? {
        guard case .failed(let cause) = step.end else { return nil }
        return cause
    }

    private func write(_ event: EventSummary, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("position", event.position.number)
        writer.member("stream", event.stream.text)
        writer.member("sequence", event.sequence.number)
        writer.member("type", event.type.text)
        writer.member("revision", event.revision)
        writer.member("time", event.eventTime.description)
        writer.member("recordedTime", event.recordedTime.description)
        writer.member("isHandled", step.isHandled)
        writer.member("payloadSize", event.payloadSize)
        writer.member("payloadPreview", event.payloadPreview)
        writer.endObject()
    }
}

extension EventSummary {
    /// The beginning of the payload on one line.
    fileprivate var payloadText: String {
        let line = payloadPreview.map { $0.isNewline ? " " : $0 }
        return String(line) + (payloadPreview.utf8.count < payloadSize ? "…" : "")
    }
}
