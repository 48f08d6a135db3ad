import JSON
import OperationsModel

extension RowStanding {
    /// The failures that are shown as lines at most.
    private static let failureCountMax = 5

    /// The standing in lines, which are sanitized where they are shown.
    var lines: [String] {
        let parts = [makers, equality, comingLines, failureLines, notes, streams.flatMap(\.lines)]
        return [verdict] + rowLine + parts.joined().map { "  \($0)" }
    }

    private var verdict: String {
        let row = "\(group): \(table) \(key.words)"
        let place = "at position \(position)"
        guard values != nil else {
            return "\(row): there is \(isCurrent ? "rightly " : "")no such row, \(place)"
        }
        if isCurrent { return "\(row): shows everything, \(place)" }
        let isKnown = comingCount > 0 || isEqual == false
        return "\(row): \(isKnown ? "does not" : "may not") show everything, \(place)"
    }

    private var rowLine: [String] {
        guard let values else { return [] }
        return ["  " + zip(columns, values).map { "\($0)=\($1.line)" }.joined(separator: "  ")]
    }

    /// Which events made the row, or took it away.
    private var makers: [String] {
        guard let last = changes.first else {
            return ["no event that the group has come to changes it"]
        }
        let count = changeCount == 1 ? "one event" : "\(NumberFormat.grouped(changeCount)) events"
        let streams = changes.map(\.stream.text).joined(separator: ", ")
        let others = hasMoreStreams ? " and other streams" : ""
        return ["changed by \(count) of \(streams)\(others); the last is \(last.words)"]
    }

    private var equality: [String] {
        switch isEqual {
        case true?:
            [
                values == nil
                    ? "a copy made of the same events has no such row either"
                    : "equal to the row in a copy made of the same events"
            ]
        case nil: []
        case false?:
            ["not what a copy made of the same events has; 'recount compare' compares all rows"]
                + (difference.map { ["  \($0.line)"] } ?? [])
        }
    }

    private var comingLines: [String] {
        let left = comingCount - coming.count
        return coming.map { change in
            let isHeldBack = streams.contains { $0.stream == change.stream && $0.letters != nil }
            return "\(change.words), "
                + (isHeldBack
                    ? "would change it, and will wait behind a dead letter"
                    : "will change it when the group gets there")
        } + (left > 0 ? ["and \(NumberFormat.grouped(left)) later events"] : [])
    }

    private var failureLines: [String] {
        let left = failures.count - RowStanding.failureCountMax
        return failures.prefix(RowStanding.failureCountMax).map {
            "whether this event changes it is not known, because it cannot be handled: \($0)"
        } + (left > 0 ? ["and \(left) more cannot be handled"] : [])
    }

    /// Writes the members of the standing's object.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("group", group)
        writer.member("table", table)
        writer.key("key")
        writer.object(key.map { ($0.name, $0.value) })
        writer.member("isCurrent", isCurrent)
        writer.member("position", position.number)
        writer.key("row")
        if let values { writer.object(Array(zip(columns, values))) } else { writer.null() }
        writer.member("isEqual", isEqual)
        writer.key("difference")
        if let difference { difference.write(to: &writer) } else { writer.null() }
        writer.key("changes")
        writer.array(changes)
        writer.member("changeCount", changeCount)
        writer.member("hasMoreStreams", hasMoreStreams)
        writer.key("coming")
        writer.array(coming)
        writer.member("comingCount", comingCount)
        writer.key("failures")
        writer.strings(failures)
        writer.member("deadLetterCount", deadLetterCount)
        writer.key("notes")
        writer.strings(notes)
        writer.key("streams")
        writer.beginArray()
        for stream in streams {
            writer.beginObject()
            stream.writeMembers(to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension RowStanding.Change {
    fileprivate var words: String { "position \(position), \(type) in \(stream)" }
}

extension JSONWriter {
    fileprivate mutating func object(_ members: [(name: String, value: CellValue)]) {
        beginObject()
        for (name, value) in members { member(name, value) }
        endObject()
    }

    fileprivate mutating func array(_ changes: [RowStanding.Change]) {
        beginArray()
        for change in changes {
            beginObject()
            member("position", change.position.number)
            member("stream", change.stream.text)
            member("type", change.type.text)
            endObject()
        }
        endArray()
    }
}
