public import EventModel

/// What a projection does with an event that is a replay.
public enum ReplayPolicy: Hashable, Sendable, CaseIterable {
    /// The same as with a new one.
    case handled
    /// Nothing, as if it were of a type that the projection does not handle.
    case muted
    /// Something else: ``ProjectionHandler/handleReplay(_:)``.
    case replaced

    /// What several projections, or the forms that an event may take, do together.
    ///
    /// Where they differ, that is something else than with a new one. Nothing for none.
    public init?(_ policies: Set<ReplayPolicy>) {
        guard let first = policies.first else { return nil }
        self = policies.count == 1 ? first : .replaced
    }
}

/// What a projection does with replays of the types that it handles.
public struct ReplayRules: Hashable, Sendable {
    private let policies: [EventType: ReplayPolicy]
    /// What becomes of the types that are not named.
    public let others: ReplayPolicy

    /// Makes rules; without arguments a replay is handled as a new event is.
    ///
    /// - Parameters:
    ///   - muted: the types whose replays are not handled.
    ///   - replaced: the types whose replays have another handler.
    ///   - others: what becomes of the other types.
    public init(
        muted: Set<EventType> = [],
        replaced: Set<EventType> = [],
        others: ReplayPolicy = .handled
    ) {
        precondition(muted.isDisjoint(with: replaced), "A type is muted or replaced, not both.")
        var policies: [EventType: ReplayPolicy] = [:]
        for type in muted { policies[type] = .muted }
        for type in replaced { policies[type] = .replaced }
        self.init(policies, others: others)
    }

    package init(_ policies: [EventType: ReplayPolicy], others: ReplayPolicy) {
        self.policies = policies
        self.others = others
    }

    /// The types that are named.
    public var namedTypes: Set<EventType> { Set(policies.keys) }

    /// What becomes of a replay of a type.
    public func policy(for type: EventType) -> ReplayPolicy { policies[type] ?? others }

    /// Whether every replay is handled as a new event is.
    public var areTrivial: Bool {
        others == .handled && policies.values.allSatisfy { $0 == .handled }
    }
}
