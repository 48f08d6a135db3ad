public import EventModel
public import EventSchema

/// Something that decides about commands by its own history alone.
///
/// A value: `decide` looks at the state and the command and says which events follow, or why
/// none do; only `evolve` changes the state, and every event of the stream goes through it. Both
/// are pure, so that they are tested as values, without a store:
/// ```swift
/// var subscription = Subscription()
/// subscription.evolve(.created(…))
/// #expect(throws: .notActive) { try subscription.decide(.suspend(…)) }
/// ```
/// A state that is `Codable` can be saved in snapshots; rename or retype a field, or raise
/// ``rulesRevision``, and snapshots taken before are ignored.
public protocol Aggregate: Sendable {
    /// What can be asked of it.
    associatedtype Command: Sendable
    /// What can happen to it.
    associatedtype Event: Sendable
    /// Why it can say no.
    associatedtype Rejection: Error

    /// The category of its streams; the stream of `42` is `<category>-42`.
    static var category: Category { get }

    /// How its events are stored.
    static var codec: EventCodec<Event> { get }

    /// What turns events stored in an old form into the current one.
    ///
    /// - Precondition: no two take the same form.
    static var upcasters: [Upcaster] { get }

    /// A snapshot is taken every so many events; nothing means not by their number.
    static var snapshotEvery: Int? { get }

    /// A snapshot is taken where a load took longer; nothing means not by measured time.
    static var snapshotAfter: Duration? { get }

    /// Raised when `evolve` gives another state for the same events.
    static var rulesRevision: Int { get }

    /// The state before the first event.
    init()

    /// The events that follow from a command, or why it is refused.
    func decide(_ command: Command) throws(Rejection) -> [Event]

    /// Takes in an event.
    mutating func evolve(_ event: Event)

    /// Whether events that were decided still hold, although others came in between.
    ///
    /// Asked of the aggregate as it is after those others. Where they hold they are appended behind
    /// them; where not, as always unless said otherwise, the command is decided again.
    func allows(_ decided: [Event], after others: [Event]) -> Bool
}

extension Aggregate {
    /// Every event is stored in its current form.
    public static var upcasters: [Upcaster] { [] }

    /// No snapshots by the number of events.
    public static var snapshotEvery: Int? { nil }

    /// No snapshots by measured time.
    public static var snapshotAfter: Duration? { nil }

    /// The first rules.
    public static var rulesRevision: Int { 1 }

    /// Decides again.
    public func allows(_ decided: [Event], after others: [Event]) -> Bool { false }

    /// The stream of the aggregate with an identifier.
    public static func stream(_ identifier: String) -> StreamName {
        StreamName("\(category)-\(identifier)")
    }

    /// The upcasters ready for use.
    public static var upcasting: Upcasting {
        do {
            let forms = upcasters.map(\.source.description).joined(separator: ", ")
            return try Upcasting(upcasters, fingerprint: StableHash(of: forms).description)
        } catch {
            preconditionFailure("No two upcasters of \(Self.self) take the same form: \(error)")
        }
    }
}

extension Aggregate where Event: DomainEvent {
    /// The codec that the names of the cases give.
    public static var codec: EventCodec<Event> { EventCodec() }
}
