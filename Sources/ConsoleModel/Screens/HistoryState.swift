public import EventModel
public import OperationsModel

/// The history of one stream, and where in it an operator stands.
public struct HistoryState: Sendable {
    /// What the selected state is compared with.
    public enum Base: String, Hashable, Sendable, CaseIterable {
        /// The state one event before.
        case previous
        /// The state at the marked sequence.
        case mark
        /// The state at the head.
        case head
    }

    /// Which pane takes the keys.
    public enum Pane: Int, Hashable, Sendable, CaseIterable {
        /// The list of events.
        case events
        /// The state at the selected sequence.
        case state
        /// What differs.
        case difference
    }

    /// Two sequences that are compared; nothing is the state before the first event.
    public struct Comparison: Hashable, Sendable {
        /// The earlier of the two.
        public var from: UInt64?
        /// The later of the two.
        public var to: UInt64
    }

    /// The stream; nothing before one was chosen.
    public internal(set) var stream: StreamName?
    /// The events held, by ascending sequence without gaps.
    public internal(set) var window: [EventSummary] = []
    /// The sequence of the last event; nothing before it is known.
    public internal(set) var lastSequence: UInt64?
    /// The selected sequence.
    public internal(set) var sequence: UInt64 = 0
    /// The first sequence of the list on the screen.
    public internal(set) var top: UInt64 = 0
    /// The marked sequence A.
    public internal(set) var mark: UInt64?
    /// What the selected state is compared with.
    public internal(set) var base = Base.previous
    /// Whether the state pane shows only fields that differ.
    public internal(set) var showsChangedOnly = false
    /// Which pane takes the keys.
    public internal(set) var pane = Pane.events
    /// The selected line of the state.
    public internal(set) var stateLine = 0
    /// The first difference that is shown.
    public internal(set) var differenceTop = 0
    /// The fields of the state whose parts are not shown.
    public internal(set) var folded: Set<String> = []
    /// Whether the value under the cursor is shown in full.
    public internal(set) var isValueOpen = false
    /// The first line of the open value that is shown.
    public internal(set) var valueTop = 0
    /// The state that last arrived.
    public internal(set) var state: AggregateState?
    /// The sequence the state that last arrived belongs to.
    public internal(set) var stateSequence: UInt64?
    /// The difference that last arrived.
    public internal(set) var difference: [FieldDifference]?
    /// The two sequences of the difference that last arrived.
    public internal(set) var comparison: Comparison?
    /// The sequences of the snapshots, ascending.
    public internal(set) var snapshots: [UInt64] = []
    /// The field whose last change is being looked for, and the sequence looked at.
    public internal(set) var blame: Blame?

    /// A search for the event that last changed a field.
    public struct Blame: Hashable, Sendable {
        /// The field, such as `lines[2].price`.
        public var path: String
        /// The sequence that is being looked at.
        public var sequence: UInt64
    }

    /// The selected sequence asked for before the last one was known.
    var target: UInt64?

    static let windowLimit = 300

    /// The selected event, where it is among those held.
    public var selected: EventSummary? { event(at: sequence) }

    /// An event by its sequence, where it is among those held.
    public func event(at sequence: UInt64) -> EventSummary? {
        guard let first = window.first?.sequence.number, sequence >= first,
            sequence - first < UInt64(window.count)
        else { return nil }
        return window[Int(sequence - first)]
    }

    /// The two sequences to compare at the selected one.
    public var wantedComparison: Comparison {
        switch base {
        case .mark where mark != nil && mark != sequence:
            let other = mark ?? sequence
            return Comparison(from: min(other, sequence), to: max(other, sequence))
        case .head where (lastSequence ?? sequence) > sequence:
            return Comparison(from: sequence, to: lastSequence ?? sequence)
        default:
            return Comparison(from: sequence == 0 ? nil : sequence - 1, to: sequence)
        }
    }

    /// The lines of the state that are shown: all, or those of fields that differ.
    public var visibleLines: [AggregateState.Line] {
        guard let lines = state?.lines.folding(folded) else { return [] }
        guard showsChangedOnly, let paths = difference?.map(\.path) else { return lines }
        return lines.filter { line in
            !line.path.isEmpty
                && paths.contains { $0.isEmpty || line.path.isField($0) || $0.isField(line.path) }
        }
    }

    /// The first sequence to list where `rows` rows fit.
    public func firstSequence(fitting rows: Int) -> UInt64 {
        let rows = UInt64(max(1, rows))
        let lowest = sequence >= rows ? sequence - rows + 1 : 0
        let count = (lastSequence ?? sequence) &+ 1
        return max(lowest, min(top, sequence, count > rows ? count - rows : 0))
    }
}

extension String {
    /// Whether this field is `other` or lies inside it.
    public func isField(_ other: String) -> Bool {
        guard hasPrefix(other) else { return false }
        let rest = utf8.dropFirst(other.utf8.count).first
        return rest == nil || rest == UInt8(ascii: ".") || rest == UInt8(ascii: "[")
    }
}

extension HistoryState {
    /// Shows the parts of a field, or hides them.
    mutating func toggleFold(_ path: String) {
        if folded.remove(path) == nil { folded.insert(path) }
    }

    /// Hides the parts of every field inside the state; shows them all where any are hidden.
    mutating func toggleAllFolds() {
        let all = (state?.lines ?? []).filter { $0.isContainer && !$0.path.isEmpty }
        folded = folded.isEmpty ? Set(all.map(\.path)) : []
    }
}

extension AggregateState.Line {
    /// Whether the field has parts, told on lines of their own or folded away.
    public var isContainer: Bool {
        let last = text.utf8.last
        return last == UInt8(ascii: "{") || last == UInt8(ascii: "[") || isFolded
    }

    /// Whether the parts of the field are folded away.
    public var isFolded: Bool { text.hasSuffix(Self.foldMark) }

    fileprivate static let foldMark = " parts)"
}

extension [AggregateState.Line] {
    /// The lines without the parts of some fields; a folded field says how many parts it has.
    fileprivate func folding(_ folded: Set<String>) -> Self {
        guard !folded.isEmpty else { return self }
        var lines: Self = []
        var hidden: (depth: Int, count: Int)?
        for line in self {
            if let fold = hidden {
                if line.depth > fold.depth {
                    if line.depth == fold.depth + 1, !line.path.isEmpty { hidden?.count += 1 }
                    continue
                }
                hidden = nil
                let (start, end) = (lines.count - 1, line.text)
                lines[start].text += " \(end) (\(fold.count)\(Element.foldMark)"
                if line.path.isEmpty { continue }
            }
            lines.append(line)
            if line.isContainer, folded.contains(line.path) { hidden = (line.depth, 0) }
        }
        return lines
    }
}
