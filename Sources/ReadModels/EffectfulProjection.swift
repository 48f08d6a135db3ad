public import EventModel
public import Processing
public import SQLiteDatabase

/// A kind of effect that a projection asks for, and what performs it.
public struct EffectKind: Sendable {
    /// Its name.
    public let name: String
    /// Whether a replay asks for it too; then it is performed where it never was.
    public let runsOnReplay: Bool
    /// Events recorded before ask for none; nothing means that every new event does, and to a group
    /// that begins anew all events are new.
    public let since: Timestamp?
    /// Performs it, on a thread of its own; throws where it was not done.
    public let perform: EffectPerformer

    /// Declares a kind.
    public init(
        _ name: String,
        runsOnReplay: Bool = false,
        since: Timestamp? = nil,
        perform: @escaping EffectPerformer
    ) {
        self.name = name
        self.runsOnReplay = runsOnReplay
        self.since = since
        self.perform = perform
    }
}

/// A projection that also asks for effects: things to be done outside the store.
public protocol EffectfulProjection: Projection {
    /// The kinds it asks for.
    var effects: [EffectKind] { get }

    /// Prepares what handles events, as ``Projection/makeHandler(in:)`` does, with where to ask for
    /// effects.
    func makeHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox
    ) throws -> any ProjectionHandler
}

extension EffectfulProjection {
    /// Prepares what handles events where no effects are performed.
    public func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        try makeHandler(in: database, asking: EffectOutbox())
    }
}

extension Projection {
    /// The kinds of effects it asks for; none for most.
    package var effectKinds: [EffectKind] {
        (self as? any EffectfulProjection)?.effects ?? []
    }
}
