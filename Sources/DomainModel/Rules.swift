import Aggregates
public import EventModel

/// Which types of events something is for.
public enum TypeSelection: Hashable, Sendable {
    /// Every type.
    case all
    /// These types.
    case some([EventType])
}

/// How the events of a category become a state, as a model says.
///
/// A state is a JSON object. Every expression for the type of an event computes a new one, in
/// the order of the text; an event that no expression is for leaves it as it is. An expression
/// that returns anything else, `NULL` included, fails, so that a mistake cannot empty a state.
public struct AggregateRules: Hashable, Sendable {
    /// An expression that gives the new state after events of some types.
    struct Rule: Hashable, Sendable {
        let types: TypeSelection
        let expression: ModelText
    }

    /// The category.
    public let category: Category
    /// A snapshot is taken every so many events; nothing means not by their number.
    public let snapshotEvery: Int?
    /// A snapshot is taken where a load took longer; nothing means not by measured time.
    public let snapshotAfter: Duration?
    /// The state before the first event, as JSON.
    let initial: [UInt8]
    let rules: [Rule]

    /// Differs when the rules or the initial state differ.
    var fingerprint: String {
        var text = String(decoding: initial, as: UTF8.self)
        for rule in rules { text += "\n\(rule.types) \(rule.expression.sql)" }
        return "model 1 \(StableHash(of: text))"
    }
}

/// How events change the rows of a read model, as a model says.
public struct ProjectionRules: Hashable, Sendable {
    /// Statements that run one after the other for events of some types.
    struct Handler: Hashable, Sendable {
        let types: TypeSelection
        let statements: [ModelText]
    }

    /// The name of the projection and of the processing group it is.
    public let name: String
    /// Whether handling an event twice leaves the rows as handling it once, as the model says.
    public let isIdempotent: Bool
    let tables: [ModelText]
    let handlers: [Handler]
    let line: Int
    let column: Int

    /// The types it handles; nothing means every type.
    public var eventTypes: [EventType]? {
        var types: Set<EventType> = []
        for handler in handlers {
            guard case .some(let handled) = handler.types else { return nil }
            types.formUnion(handled)
        }
        return types.sorted()
    }
}

/// How an old revision of an event becomes a later one, as a model says.
public struct UpcasterRules: Hashable, Sendable {
    /// The type.
    public let type: EventType
    /// The revision it takes.
    public let from: UInt32
    /// The revision it gives.
    public let to: UInt32
    let data: ModelText
}
