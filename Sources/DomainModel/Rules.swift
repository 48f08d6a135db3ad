import Aggregates
public import EventModel
public import EventSchema
public import Processing

/// Which types of events something is for.
public enum TypeSelection: Hashable, Sendable {
    /// Every type.
    case all
    /// These types.
    case some([EventType])

    /// The names of the types, sorted; `*` for every type.
    var names: [String] {
        switch self {
        case .all: ["*"]
        case .some(let types): types.map(\.text).sorted()
        }
    }

    /// The types that any of some selections names, sorted; nothing where one names all.
    static func union(_ selections: [TypeSelection]) -> [EventType]? {
        var types: Set<EventType> = []
        for selection in selections {
            guard case .some(let some) = selection else { return nil }
            types.formUnion(some)
        }
        return types.sorted()
    }

    /// The types it names that none of some selections takes.
    func names(outside selections: [TypeSelection]) -> [EventType] {
        guard case .some(let types) = self, let known = TypeSelection.union(selections) else {
            return []
        }
        return types.filter { !known.contains($0) }
    }
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
    /// Which events must be handled one after the other.
    public let sequencing: SequencingPolicy
    let tables: [ModelText]
    let handlers: [Handler]
    let replay: ReplayHandling
    let line: Int
    let column: Int

    /// The types it handles; nothing means every type.
    public var eventTypes: [EventType]? { TypeSelection.union(handlers.map(\.types)) }
}

/// What an old form of an event becomes, as a model says.
public struct UpcasterRules: Hashable, Sendable {
    /// What an event becomes.
    enum Result: Hashable, Sendable {
        /// One event of a form, with a payload that an expression gives.
        case event(EventForm, data: ModelText)
        /// The events that an expression gives as a JSON array.
        case events(ModelText)
        /// No event.
        case dropped
    }

    /// The form it takes.
    public let source: EventForm
    let result: Result
    let line: Int
    let column: Int

    /// The expression that gives the result; nothing where the event is dropped.
    var expression: ModelText? {
        switch result {
        case .event(_, let text), .events(let text): text
        case .dropped: nil
        }
    }

    /// Differs where the upcaster gives something else.
    var fingerprint: String {
        let target =
            switch result {
            case .event(let form, _): "\(form)"
            case .events: "events"
            case .dropped: "dropped"
            }
        return "\(source) \(target) \(expression?.sql ?? "")"
    }
}
