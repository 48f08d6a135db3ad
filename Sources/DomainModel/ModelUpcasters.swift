import Aggregates
import EventModel
import EventSchema
import SQLiteDatabase

extension Upcasting {
    /// The upcasters that a model describes.
    init(rules: [UpcasterRules]) throws(UpcasterError) {
        let upcasters = rules.map { rules in
            let machines = Pool<UpcasterMachine>()
            let source = EventForm(rules.type, revision: rules.from)
            let target = EventForm(rules.type, revision: rules.to)
            return Upcaster(source) { content in
                let machine = try machines.take { try UpcasterMachine(rules) }
                return [
                    EventContent(form: target, payload: try machine.element.data(of: content))
                ]
            }
        }
        let text = rules.map { "\($0.type) \($0.from) \($0.to) \($0.data.sql)" }
        try self.init(
            upcasters,
            fingerprint: StableHash(of: text.joined(separator: "\n")).description
        )
    }
}

/// The compiled expression of one upcaster, for one thread at a time.
private final class UpcasterMachine {
    private let text: ModelText
    private let database: ExpressionDatabase
    private let statement: SQLiteStatement
    private let names: [BoundName]

    init(_ rules: UpcasterRules) throws {
        text = rules.data
        database = try ExpressionDatabase()
        statement = try database.prepare(text)
        names = try BoundName.parameters(of: statement, allowing: BoundName.forUpcasters)
    }

    func data(of content: EventContent) throws -> [UInt8] {
        let binder = database.binder
        for (offset, name) in names.enumerated() {
            switch name {
            case .type: try statement.bind(text: content.form.type.text, at: offset + 1)
            case .revision:
                try statement.bind(integer: Int64(content.form.revision), at: offset + 1)
            default:
                if content.payload.withUnsafeBytes(binder.isJSON) {
                    try statement.bind(text: content.payload.span, at: offset + 1)
                } else {
                    try statement.bindNull(at: offset + 1)
                }
            }
        }
        defer {
            statement.reset()
            statement.clearBindings()
        }
        do {
            _ = try statement.step()
        } catch {
            throw text.failure(error)
        }
        let result: [UInt8]? =
            statement.withText(at: 0) { text in
                text.withUnsafeBytes { binder.isJSON($0) ? Array($0) : nil }
            } ?? nil
        guard let result else { throw text.failure("the expression returned no JSON") }
        return result
    }
}
