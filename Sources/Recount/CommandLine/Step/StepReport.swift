import EventModel
import JSON
import Operations
import OperationsModel

/// What a step of an interactive replay is told as.
struct StepReport {
    /// The characters of a text and the bytes of a blob that a line shows at most.
    private static let valueSizeMax = 60

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
        lines += (step.changes ?? []).map { "  " + StepReport.line($0) }
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

    private static func line(_ change: RowChange) -> String {
        let key = change.key.map { "\($0.name)=\(text($0.value))" }.joined(separator: " ")
        let columns = change.columns.map { column in
            switch (column.before, column.after) {
            case (let before?, let after?): "\(column.name) \(text(before)) -> \(text(after))"
            case (let before, let after):
                "\(column.name)=\((after ?? before).map(text) ?? "")"
            }
        }
        let mark =
            switch change.kind {
            case .inserted: "+"
            case .updated: "~"
            case .deleted: "-"
            }
        let rest = columns.isEmpty ? "" : "  " + columns.joined(separator: "  ")
        return "\(mark) \(change.table)  \(key)\(rest)"
    }

    /// A value as SQL writes it, cut where it is long.
    private static func text(_ value: CellValue) -> String {
        switch value {
        case .null: return "NULL"
        case .integer(let value): return String(value)
        case .real(let value): return String(value)
        case .text(let value):
            return "'\(value.prefix(valueSizeMax))\(value.count > valueSizeMax ? "…" : "")'"
        case .bytes(let value): return value.sqlText(sizeMax: valueSizeMax / 2)
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
                for change in changes { write(change, to: &writer) }
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

    private func write(_ change: RowChange, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("table", change.table)
        writer.member("change", change.kind.rawValue)
        writer.key("key")
        writer.beginObject()
        for column in change.key { writer.member(column.name, column.value) }
        writer.endObject()
        writer.key("columns")
        writer.beginObject()
        for column in change.columns {
            writer.key(column.name)
            writer.beginObject()
            if let before = column.before { writer.member("before", before) }
            if let after = column.after { writer.member("after", after) }
            writer.endObject()
        }
        writer.endObject()
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

extension JSONWriter {
    /// Writes a value of a row; bytes as base64.
    fileprivate mutating func member(_ name: String, _ value: CellValue) {
        switch value {
        case .null: member(name, nil as String?)
        case .integer(let value): member(name, value)
        case .real(let value): member(name, value)
        case .text(let value): member(name, value)
        case .bytes(let value):
            key(name)
            string(utf8: Base64.encoded(value).span)
        }
    }
}
