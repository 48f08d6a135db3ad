public import EventModel
public import OperationsModel

/// The dead letters of a group, or of every group, by cause and by sequence.
public struct DeadLettersState: Sendable {
    /// Which list takes the keys.
    public enum Pane: Hashable, Sendable, CaseIterable {
        /// The causes.
        case causes
        /// The sequences that failed for the selected cause.
        case sequences
    }

    /// The group; nothing means every group.
    public internal(set) var group: String?
    /// The sequences that have letters, by position; nothing before the answer.
    public internal(set) var all: [DeadLetterSequence]?
    /// What narrows the causes, as typed.
    public internal(set) var filter = ""
    /// The causes that fit, those with the most letters first.
    public internal(set) var causes: [LetterCause] = []
    /// Which cause is selected.
    public internal(set) var cursor = ListCursor<LetterCause.Identity>()
    /// Which sequence of the selected cause is selected.
    public internal(set) var sequenceCursor = ListCursor<LetterIdentity>()
    /// Which list takes the keys.
    public internal(set) var pane = Pane.causes
    /// The event of the selected sequence with its payload, as last answered.
    public internal(set) var detail: EventDetail?

    /// How many sequences of a group are asked for.
    public static let limit = 1000

    /// The selected cause.
    public var selectedCause: LetterCause? {
        causes.indices.contains(cursor.index) ? causes[cursor.index] : nil
    }

    /// The selected sequence.
    public var selected: DeadLetterSequence? {
        let sequences = selectedCause?.sequences ?? []
        let index = sequenceCursor.index
        return sequences.indices.contains(index) ? sequences[index] : nil
    }

    /// Whether a group has more sequences with letters than were asked for.
    public var isCut: Bool {
        Dictionary(grouping: all ?? [], by: \.group).values.contains { $0.count >= Self.limit }
    }

    /// Takes the sequences as they stand; the order of causes stays while an operator moves.
    mutating func take(
        _ all: [DeadLetterSequence],
        rows: ConsoleLayout.LetterRows,
        at now: Timestamp
    ) {
        self.all = all
        let fitting = LetterCause.causes(of: all).filter { cause in
            matches(filter, "\(cause.group) \(cause.text ?? "")")
        }
        causes =
            cursor.holdsOrder(at: now)
            ? keepingOrder(of: causes.map(\.identity), fitting, identity: \.identity) : fitting
        reconcile(rows)
    }

    /// Brings the cursors back to rows that exist and are visible.
    mutating func reconcile(_ rows: ConsoleLayout.LetterRows) {
        cursor.reconcile(with: causes.map(\.identity), rows: rows.causes)
        sequenceCursor.reconcile(with: identities, rows: rows.sequences)
        if causes.isEmpty { pane = .causes }
    }

    /// Moves the selection of the list that takes the keys.
    mutating func move(by count: Int, rows: ConsoleLayout.LetterRows, at now: Timestamp) {
        switch pane {
        case .causes:
            cursor.move(
                by: count,
                in: causes.map(\.identity),
                visible: rows.causes,
                at: now
            )
            sequenceCursor = ListCursor()
            sequenceCursor.reconcile(with: identities, rows: rows.sequences)
        case .sequences:
            sequenceCursor.move(by: count, in: identities, visible: rows.sequences, at: now)
        }
    }

    private var identities: [LetterIdentity] {
        (selectedCause?.sequences ?? []).map(\.identity)
    }
}

/// The sequences of a group that failed for the same cause, word for word.
public struct LetterCause: Hashable, Sendable {
    /// What tells causes apart.
    public struct Identity: Hashable, Sendable {
        /// The group.
        public var group: String
        /// The cause; nothing for what is about to be tried.
        public var text: String?
    }

    /// What tells it from other causes.
    public var identity: Identity
    /// The sequences, by position; never empty.
    public var sequences: [DeadLetterSequence]

    /// The group.
    public var group: String { identity.group }
    /// The cause; nothing for what is about to be tried.
    public var text: String? { identity.text }
    /// How many events wait, those that failed and those held back behind them.
    public var letterCount: Int { sequences.letterCount }
    /// When the first of them failed.
    public var firstTime: Timestamp? { sequences.compactMap(\.firstTime).min() }
    /// When the next of them is tried without being asked.
    public var nextAttempt: Timestamp? { sequences.compactMap(\.nextAttempt).min() }
    /// How often the one was tried that was tried most.
    public var attempts: Int { sequences.map(\.attempts).max() ?? 0 }

    /// The causes of sequences, those with the most letters first.
    static func causes(of sequences: [DeadLetterSequence]) -> [LetterCause] {
        Dictionary(grouping: sequences) { Identity(group: $0.group, text: $0.cause) }
            .map { LetterCause(identity: $0.key, sequences: $0.value) }
            .sorted { left, right in
                let (first, second) = (left.sequences[0], right.sequences[0])
                return (right.letterCount, left.group, first.position)
                    < (left.letterCount, right.group, second.position)
            }
    }
}

/// Which dead letters are meant, although their counts and causes change with time.
public struct LetterIdentity: Hashable, Sendable {
    /// The group.
    public var group: String
    /// The name of the sequence.
    public var key: String
}

extension DeadLetterSequence {
    /// What tells it from other sequences.
    public var identity: LetterIdentity { LetterIdentity(group: group, key: key) }
}

extension [DeadLetterSequence] {
    /// How many events wait, those that failed and those held back behind them.
    public var letterCount: Int { reduce(0) { $0 + 1 + $1.heldCount } }

    /// Those that a choice of letters of a group means.
    func chosen(by choice: LetterChoice, of group: String) -> [DeadLetterSequence] {
        filter { sequence in
            guard sequence.group == group else { return false }
            return switch choice {
            case .all: true
            case .position(let position): sequence.position == position
            case .sequence(let key): sequence.key == key
            case .cause(let cause): sequence.cause == cause
            }
        }
    }
}
