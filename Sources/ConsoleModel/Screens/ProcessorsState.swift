public import EventModel
public import OperationsModel

/// The list of processing groups.
public struct ProcessorsState: Sendable {
    /// What decides which group comes first.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// By name.
        case name
        /// By how bad the state is, worst first.
        case state
        /// By events not decided yet, most first.
        case lag
    }

    /// The groups to show, in the order to show them.
    public internal(set) var rows: [ProcessorStatus] = []
    /// Which group is selected.
    public internal(set) var cursor = ListCursor<String>()
    /// What narrows the list, as typed; a leading `!` means all but those.
    public internal(set) var filter = ""
    /// What decides which group comes first.
    public internal(set) var order = Order.name
    /// Whether the order is turned around.
    public internal(set) var isReversed = false
    /// Whether only groups with problems are shown.
    public internal(set) var showsProblemsOnly = false

    /// The selected group.
    public var selected: ProcessorStatus? {
        rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
    }

    /// Takes the groups as they stand; the order stays while an operator moves.
    mutating func take(_ all: [ProcessorStatus], rows visible: Int, at now: Timestamp) {
        let fitting = all.filter { status in
            (!showsProblemsOnly || status.isProblem) && matches(filter, status.group)
        }
        if cursor.holdsOrder(at: now) {
            rows = keepingOrder(of: rows.map(\.group), fitting, identity: \.group)
        } else {
            let sorted = fitting.sorted { left, right in
                switch order {
                case .name: left.group < right.group
                case .state:
                    (left.state.severity, right.group) > (right.state.severity, left.group)
                case .lag: (left.lagEvents, right.group) > (right.lagEvents, left.group)
                }
            }
            rows = isReversed ? sorted.reversed() : sorted
        }
        cursor.reconcile(with: rows.map(\.group), rows: visible)
    }
}

/// Whether a text fits a filter as typed: contains it, or with a leading `!` does not.
func matches(_ filter: String, _ text: String) -> Bool {
    guard !filter.isEmpty else { return true }
    let isNegated = filter.hasPrefix("!")
    let wanted = (isNegated ? String(filter.dropFirst()) : filter).lowercased()
    guard !wanted.isEmpty else { return true }
    return text.lowercased().contains(wanted) != isNegated
}

extension ProcessorStatus {
    /// Whether an operator ought to look at the group.
    public var isProblem: Bool {
        state.severity >= 4 || deadLetterCount > 0
    }
}

extension ProcessorStatus {
    /// The event that fails, where the failure names it as `position 1733, …`.
    public var failedPosition: Position? {
        let word = "position "
        guard let failure, failure.hasPrefix(word) else { return nil }
        let digits = failure.dropFirst(word.count).prefix { $0.isASCII && $0.isNumber }
        return UInt64(digits).map { Position($0) }
    }
}

extension ProcessorStatus.State {
    /// How bad the state is; higher is worse.
    public var severity: Int {
        switch self {
        case .live: 0
        case .catchingUp: 1
        case .replaying: 2
        case .paused: 3
        case .noHost: 4
        case .stalled: 5
        case .failing: 6
        case .aheadOfHistory: 7
        }
    }
}

/// One processing group.
public struct ProcessorState: Sendable {
    /// The group's name; nothing before one was chosen.
    public internal(set) var group: String?
    /// The first line of the body that is shown.
    public internal(set) var top = 0
}
