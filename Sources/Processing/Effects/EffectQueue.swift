public import EventModel

/// The effects of a group that wait, for use by one thread.
public protocol EffectQueue: AnyObject {
    /// The effects that something is to be done about now: of each sequence the first, where it is
    /// due or an operator has decided on it, in the order of asking.
    ///
    /// - Parameters:
    ///   - kinds: the kinds that can be performed.
    ///   - now: the time.
    ///   - limit: how many at most.
    /// - Returns: the effects.
    /// - Throws: what keeps the queue from being read.
    func due(_ kinds: [String], now: Timestamp, limit: Int) throws -> [PendingEffect]

    /// Stores what an attempt changed about an effect that waits; one that does not is left alone,
    /// and so is what an operator wants by now.
    ///
    /// - Parameters:
    ///   - effect: how it stands now.
    ///   - wish: what an operator wanted before the attempt.
    /// - Throws: what keeps the queue from storing it.
    func update(_ effect: PendingEffect, obeying wish: PendingEffect.Wish?) throws

    /// Removes an effect that is done or given up.
    func remove(_ id: EventID) throws
}

/// A processing group whose projections ask for effects.
public protocol EffectfulGroup: ProcessingGroup {
    /// What performs effects, by their kind; empty where no projection asks for any.
    var performers: [String: EffectPerformer] { get }

    /// Opens the effects that wait, for the thread that calls; nothing where another process
    /// performs them, or the group never ran.
    func openEffects() throws -> (any EffectQueue)?
}

/// Does what an effect asks for, blocking; throws where it was not done.
public typealias EffectPerformer = @Sendable (PendingEffect) throws -> Void
