import Aggregates
import EventModel
import EventSchema
import EventStorage
import JSON
import SQLiteDatabase

extension Upcasting {
    /// The upcasters that a model describes.
    init(rules: [UpcasterRules]) throws(UpcasterError) {
        let text = rules.map(\.fingerprint).joined(separator: "\n")
        try self.init(rules.map(Upcaster.init), fingerprint: StableHash(of: text).description)
    }
}

extension Upcaster {
    /// The upcaster that a model describes.
    fileprivate init(_ rules: UpcasterRules) {
        switch rules.result {
        case .dropped:
            self.init(rules.source, targets: []) { _, _ in [] }
        case .event(let target, let text):
            let machines = Pool<UpcasterMachine>()
            self.init(rules.source, targets: [target]) { content, context in
                let machine = try machines.take { try UpcasterMachine(text) }
                let data = try machine.element.json(of: context.event(with: content))
                return [EventContent(form: target, payload: data)]
            }
        case .events(let text):
            let machines = Pool<UpcasterMachine>()
            self.init(rules.source) { content, context in
                let machine = try machines.take { try UpcasterMachine(text) }
                let list = try machine.element.json(of: context.event(with: content))
                do throws(NoEvents) {
                    return try EventContent.list(list)
                } catch {
                    throw text.failure(error.reason)
                }
            }
        }
    }
}

/// Why the result of an upcaster's expression is no list of events, as a clause.
private struct NoEvents: Error {
    let reason: String
}

extension EventContent {
    /// Reads a JSON array of objects with `type`, `data` and perhaps `revision`.
    fileprivate static func list(_ json: [UInt8]) throws(NoEvents) -> [EventContent] {
        let options = JSONOptions(depthMax: JSONOptions.depthLimit, rejectsDuplicateKeys: false)
        guard case .array(let elements)? = try? JSONValue(parsing: json, options: options) else {
            throw NoEvents(reason: "the expression returned no JSON array of events")
        }
        var events: [EventContent] = []
        for (index, element) in elements.enumerated() {
            func refuse(_ reason: String) -> NoEvents {
                NoEvents(reason: "the event [\(index)] that the expression returned \(reason)")
            }
            guard let type = element["type"]?.string, !type.isEmpty else {
                throw refuse("has no type")
            }
            guard let data = element["data"] else { throw refuse("has no data") }
            let number = element["revision"].map { $0.integer ?? 0 } ?? 1
            guard let revision = UInt32(exactly: number), revision >= 1 else {
                throw refuse("has a revision that is no number from 1 on")
            }
            let form = EventForm(EventType(type), revision: revision)
            events.append(EventContent(form: form, payload: data.bytes()))
        }
        return events
    }
}

/// The compiled expression of one upcaster, for one thread at a time.
private final class UpcasterMachine {
    private let text: ModelText
    private let database: ExpressionDatabase
    private let statement: SQLiteStatement
    private let names: [BoundName]

    init(_ text: ModelText) throws {
        self.text = text
        database = try ExpressionDatabase()
        statement = try database.prepare(text)
        names = try BoundName.parameters(of: statement, allowing: BoundName.forUpcasters)
    }

    /// Computes the expression, which must give JSON.
    func json(of event: RecordedEvent) throws -> [UInt8] {
        let binder = database.binder
        return try event.withView { event in
            try binder.withAddresses(of: event) { addresses in
                do {
                    try binder.bind(names, of: event, &addresses, to: statement)
                    defer {
                        statement.reset()
                        statement.clearBindings()
                    }
                    _ = try statement.step()
                    return try text.result(of: statement, binder).json
                } catch let error as SQLiteError {
                    throw text.failure(error)
                }
            }
        }
    }
}
