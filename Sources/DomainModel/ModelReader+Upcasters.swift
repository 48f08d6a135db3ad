import EventModel
import EventSchema
import YAML

extension ModelReader {
    /// Takes in an upcaster: one that gives a form, one that gives events, or one that drops.
    mutating func readUpcaster(_ node: YAMLNode) {
        let keys = ["event", "from", "to", "type", "data", "events", "drop"]
        guard let parts = mapping(node, "an upcaster", allowing: keys) else { return }
        for key in ["event", "from"] where parts[key] == nil {
            add(node, "the key \(key) is missing")
        }
        guard let event = parts["event"], let from = parts["from"], let type = readType(event),
            let revision = readRevision(from),
            let result = readResult(node, parts, of: EventForm(type, revision: revision))
        else { return }
        let source = EventForm(type, revision: revision)
        if upcasters.contains(where: { $0.source == source }) {
            add(node, "there is another upcaster for revision \(revision) of \(type)")
        }
        upcasters.append(
            UpcasterRules(source: source, result: result, line: node.line, column: node.column)
        )
    }

    /// Tells what is wrong with the upcasters as a whole, at the one whose form the error names.
    mutating func add(_ error: UpcasterError) {
        let place = upcasters.first { $0.source == error.form }
        add(
            ModelProblem(
                line: place?.line ?? 1,
                column: place?.column ?? 1,
                reason: error.description
            )
        )
    }

    private mutating func readResult(
        _ node: YAMLNode,
        _ parts: [String: YAMLNode],
        of source: EventForm
    ) -> UpcasterRules.Result? {
        let ways = ["data", "events", "drop"].filter { parts[$0] != nil }
        guard ways.count == 1 else {
            add(node, "an upcaster has one of the keys data, events and drop")
            return nil
        }
        if parts["data"] == nil {
            for key in ["to", "type"] {
                if let other = parts[key] { add(other, "the key \(key) goes with data only") }
            }
        }
        if let drop = parts["drop"] {
            if drop.boolean == true { return .dropped }
            add(drop, "drop is true or left out")
            return nil
        }
        if let events = parts["events"] { return sql(events).map { .events($0) } }
        guard let to = parts["to"] else {
            add(node, "the key to is missing")
            return nil
        }
        guard let data = parts["data"].flatMap({ sql($0) }), let revision = readRevision(to) else {
            return nil
        }
        let type = parts["type"].map { readType($0) } ?? source.type
        guard let type else { return nil }
        if type == source.type, revision <= source.revision {
            add(to, "an upcaster leads to a higher revision than it takes")
            return nil
        }
        return .event(EventForm(type, revision: revision), data: data)
    }

    private mutating func readType(_ node: YAMLNode) -> EventType? {
        if let text = node.string, !text.isEmpty { return EventType(text) }
        add(node, "the name of a type is expected")
        return nil
    }

    private mutating func readRevision(_ node: YAMLNode) -> UInt32? {
        if let revision = node.integer.flatMap({ UInt32(exactly: $0) }), revision >= 1 {
            return revision
        }
        add(node, "a revision is a number from 1 on")
        return nil
    }
}
