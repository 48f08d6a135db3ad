public import EventModel
public import OperationsModel

/// The effects of a group, or of every group: what waits, and what ended last.
public struct EffectListState: Sendable {
    /// The group; nothing means every group.
    public internal(set) var group: String?
    /// The effects in the order of asking, then those that ended; nothing before the answer.
    public internal(set) var all: [EffectEntry]?
    /// What narrows the list, as typed.
    public internal(set) var filter = ""
    /// The effects that fit, those that wait for an operator first.
    public internal(set) var rows: [EffectEntry] = []
    /// Which effect is selected.
    public internal(set) var cursor = ListCursor<EventID>()

    /// How many effects of a group are asked for that are not over.
    public static let limit = 1000

    /// The selected effect.
    public var selected: EffectEntry? {
        rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
    }

    /// Whether a group has more effects that are not over than were asked for.
    public var isCut: Bool {
        Dictionary(grouping: all ?? [], by: \.group).values.contains { effects in
            effects.count { !$0.isOver } >= Self.limit
        }
    }

    /// Takes the effects as they stand; their order stays while an operator moves.
    mutating func take(_ all: [EffectEntry], rows visible: Int, at now: Timestamp) {
        self.all = all
        let fitting = EffectListState.urgency.flatMap { states in
            all.filter { states.contains($0.state) && matches(filter, $0.searchText) }
        }
        rows =
            cursor.holdsOrder(at: now)
            ? keepingOrder(of: rows.map(\.id), fitting, identity: \.id) : fitting
        cursor.reconcile(with: rows.map(\.id), rows: visible)
    }

    /// The states in the order of the list.
    private static let urgency: [Set<EffectEntry.State>] = [
        [.failed, .inDoubt], [.underWay], [.waiting], [.performed, .givenUp],
    ]
}

extension EffectEntry {
    /// What is to be done and for what, in as few words as there are.
    public var title: String { key.isEmpty ? kind : "\(kind) \(key)" }

    /// What a filter looks in.
    fileprivate var searchText: String {
        "\(group) \(title) \(state.rawValue) \(sequenceKey) \(cause ?? "")"
    }
}
