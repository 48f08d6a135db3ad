import Aggregates
import EventModel
import EventStorage
import JSON
import SQLiteDatabase

extension Fold {
    /// The fold that a model describes.
    init(rules: AggregateRules, name: String, _ upcasting: Upcasting) {
        let machines = Pool<FoldMachine>()
        self.init(
            category: rules.category,
            fingerprint: rules.fingerprint,
            snapshotEvery: rules.snapshotEvery,
            snapshotAfter: rules.snapshotAfter,
            rules: name,
            types: TypeSelection.union(rules.rules.map(\.types)),
            upcasting: upcasting
        ) {
            let machine = try machines.take { try FoldMachine(rules) }
            return ModelFoldState(machine: machine, state: rules.initial)
        }
    }
}

/// The state of an aggregate whose rules are SQL expressions.
private struct ModelFoldState: FoldState {
    let machine: Lease<FoldMachine>
    var state: [UInt8]

    mutating func apply(_ event: borrowing EventView) throws {
        try machine.element.apply(event, to: &state)
    }

    mutating func load(_ state: [UInt8]) throws {
        guard machine.element.isState(state) else { throw NotAState() }
        self.state = state
    }

    func encoded() -> [UInt8] { state }
}

/// Saved bytes that are no state.
private struct NotAState: Error {}

/// The compiled expressions of one category, for one thread at a time.
private final class FoldMachine {
    private struct Rule {
        let types: TypeMatcher
        let text: ModelText
        let statement: SQLiteStatement
        let names: [BoundName]
    }

    private let database: ExpressionDatabase
    private let rules: [Rule]

    init(_ aggregate: AggregateRules) throws {
        let database = try ExpressionDatabase()
        rules = try aggregate.rules.map { rule in
            let statement = try database.prepare(rule.expression)
            return Rule(
                types: TypeMatcher(rule.types),
                text: rule.expression,
                statement: statement,
                names: try BoundName.parameters(of: statement, allowing: BoundName.forAggregates)
            )
        }
        self.database = database
    }

    func isState(_ bytes: [UInt8]) -> Bool {
        (try? database.binder.kind(ofResult: bytes.span)) == .object
    }

    /// Computes the state after an event, by every rule for its type in their order.
    func apply(_ event: borrowing EventView, to state: inout [UInt8]) throws {
        var next = state
        for rule in rules where rule.types.matches(event) {
            do {
                next = try evaluate(rule, event, next)
            } catch let error as SQLiteError {
                throw rule.text.failure(error)
            }
        }
        state = next
    }

    private func evaluate(
        _ rule: Rule,
        _ event: borrowing EventView,
        _ state: [UInt8]
    ) throws -> [UInt8] {
        let statement = rule.statement
        let binder = database.binder
        return try binder.withAddresses(of: event) { addresses in
            try state.withUnsafeBufferPointer { state in
                try binder.bind(rule.names, of: event, &addresses, state: state, to: statement)
                defer {
                    statement.reset()
                    statement.clearBindings()
                }
                _ = try statement.step()
                let result = try rule.text.result(of: statement, binder)
                guard result.kind == .object else {
                    throw rule.text.failure("the expression returned no JSON object")
                }
                return result.json
            }
        }
    }
}
