/// What SQL in a model can ask for, each under its name with a colon.
public enum BoundName: String, ParameterName, CaseIterable {
    /// The state of the aggregate as JSON; only in aggregates.
    case state
    /// The payload as JSON; `NULL` where it is empty, or is no JSON and of another media type.
    case data
    /// The metadata as JSON; `NULL` where there is none.
    case metadata
    /// The name of the stream.
    case stream
    /// The name of the stream after the first `-`.
    case id
    /// The name of the stream before the first `-`.
    case category
    /// The type.
    case type
    /// The revision of the type.
    case revision
    /// The number of the event in its stream, from 0.
    case sequence
    /// The number of the event in the store, from 1.
    case position
    /// When the producer says it happened: RFC 3339 in UTC.
    case time
    /// When the store committed it: RFC 3339 in UTC.
    case recordedTime

    /// The names of an aggregate's expressions: all.
    static let forAggregates = allCases
    /// The names of a projection's statements.
    static let forProjections = allCases.filter { $0 != .state }
    /// The names of an upcaster's expression, which sees the event and nothing before it.
    static let forUpcasters = forProjections
}
