public import EventModel

/// The sequences that have dead letters: which events are to be held back, and which sequence is to
/// be tried next.
public struct BlockedSequences: Hashable, Sendable {
    /// What is known of a sequence without its letters.
    private struct Head: Hashable, Sendable {
        /// The first letter, which the others wait for.
        let position: Position
        /// When it is tried again without being asked; at once where only an earlier one, which is
        /// gone, had failed.
        let nextAttempt: Timestamp?
        /// Whether an operator asked to try it again.
        var isAsked: Bool

        init(_ letter: DeadLetter) {
            position = letter.position
            nextAttempt = letter.failure.map(\.nextAttempt) ?? .epoch
            isAsked = letter.asker != nil
        }
    }

    private var heads: [String: Head] = [:]
    private var earliestAttempt: Timestamp?

    /// Collects the sequences of some letters, each the first of its sequence.
    public init(_ firstLetters: [DeadLetter] = []) {
        for letter in firstLetters { heads[letter.sequenceKey] = Head(letter) }
        noteEarliest()
    }

    /// Whether no event is to be held back.
    public var isEmpty: Bool { heads.isEmpty }

    /// Whether an event of a sequence is to be held back: there is a letter of it or before it.
    public func holdsBack(_ key: String, at position: Position) -> Bool {
        heads[key].map { $0.position <= position } ?? false
    }

    /// Notes the first letter of a sequence; nothing means that it has no letters any more.
    mutating func set(_ letter: DeadLetter?, for key: String) {
        let head = letter.map(Head.init)
        let earlier = heads.updateOrRemove(head, for: key)
        if let attempt = head?.nextAttempt {
            earliestAttempt = min(earliestAttempt ?? attempt, attempt)
        }
        if let attempt = earlier?.nextAttempt, attempt == earliestAttempt, earlier != head {
            noteEarliest()
        }
    }

    /// Forgets which sequences an operator asked to try again.
    mutating func unmark() {
        for key in heads.keys { heads[key]?.isAsked = false }
    }

    private mutating func noteEarliest() {
        earliestAttempt = heads.values.compactMap(\.nextAttempt).min()
    }

    /// The sequence with the earliest event among those an operator asked for.
    ///
    /// - Complexity: proportional to the number of sequences.
    var asked: String? {
        heads.filter(\.value.isAsked).min { $0.value.position < $1.value.position }?.key
    }

    /// The sequence to be tried again without being asked: the one that has waited longest.
    ///
    /// - Complexity: constant where none is due, else proportional to the number of sequences.
    func due(now: Timestamp) -> String? {
        guard let earliestAttempt, earliestAttempt <= now else { return nil }
        return heads.filter { $0.value.nextAttempt == earliestAttempt }
            .min { $0.value.position < $1.value.position }?.key
    }

    /// The milliseconds until a sequence is due; nothing where none will be.
    func millisecondsUntilDue(now: Timestamp) -> Int? {
        earliestAttempt.map { max(0, Int($0.seconds(since: now) * 1000)) + 1 }
    }
}

extension Dictionary {
    /// Sets or removes a value, and gives back the one before.
    fileprivate mutating func updateOrRemove(_ value: Value?, for key: Key) -> Value? {
        guard let value else { return removeValue(forKey: key) }
        return updateValue(value, forKey: key)
    }
}
