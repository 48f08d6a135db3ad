package import EventModel
package import EventStorage
import Synchronization

/// Something that has seen events of a log, and so knows that they were there.
package struct LogWitness: Hashable, Sendable {
    /// The last position that it has seen.
    package var position: Position
    /// What it is and what it did, such as `processing group revenue has handled`.
    package var what: String

    /// Names a witness.
    package init(position: Position, what: String) {
        self.position = position
        self.what = what
    }
}

extension EventLog {
    /// Holds the log against what others have seen: where one of them has seen events that the log
    /// does not hold, the log is read-only until it is opened again.
    ///
    /// Reading goes on. The positions of witnesses must have been read before the call, so that
    /// what is appended meanwhile is not taken for missing.
    ///
    /// - Returns: the refusal; nothing where the log holds all that was seen.
    /// - Throws: ``StorageError`` where the log cannot be read.
    @discardableResult
    package func hold(
        against witnesses: [LogWitness]
    ) throws(StorageError) -> StorageError? {
        let head = try head()
        guard let furthest = witnesses.max(by: { $0.position < $1.position }),
            furthest.position > head
        else { return nil }
        let missing = (head.next...furthest.position).words
        let verb = furthest.position == head.next ? "is" : "are"
        let error = StorageError(
            .aheadOfHistory,
            "\(missing) \(verb) missing: \(furthest.what) position "
                + "\(furthest.position); restore the log from a backup, or where these events "
                + "are lost for good, delete what has seen them: it is built again from the start",
            location: directory.log
        )
        refusal.withLock { $0 = error }
        return error
    }
}
