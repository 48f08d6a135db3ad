import EventLog
import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// The sequences of a group that have dead letters, by the position of the first one.
    ///
    /// - Parameters:
    ///   - name: the group; nothing means every group.
    ///   - limit: how many sequences of a group at most.
    /// - Returns: a sequence each, without the letters behind the first.
    /// - Throws: ``OperationsError`` where there is no such group or its database cannot be read.
    public func deadLetters(
        of name: String?,
        limit: Int
    ) throws(OperationsError) -> [DeadLetterSequence] {
        let groups = try name.map { name throws(OperationsError) in [try group(name)] }
        return try OperationsError.telling {
            try (groups ?? domain.groups).flatMap { group in
                try GroupObserver(files: group.files, disk: disk).letters(limit: limit)
                    .map { try sequence($0, of: group.name) }
            }
        }
    }

    func sequence(
        _ letters: GroupObserver.LetterSequence,
        of group: String
    ) throws -> DeadLetterSequence {
        let event = try log.event(at: letters.first.position)
        let failure = letters.first.failure
        return DeadLetterSequence(
            group: group,
            key: letters.first.sequenceKey,
            position: letters.first.position,
            stream: event?.stream ?? StreamName(""),
            sequence: event?.sequence ?? Sequence(0),
            type: event?.type ?? EventType(""),
            heldCount: letters.count - 1,
            cause: failure?.cause,
            attempts: failure?.attempts ?? 0,
            firstTime: failure?.firstTime,
            lastTime: failure?.lastTime,
            nextAttempt: failure?.nextAttempt
        )
    }
}

extension LetterSelection {
    /// The letters that an operator means.
    init(_ choice: LetterChoice) {
        switch choice {
        case .all: self = .all
        case .position(let position): self = .position(position)
        case .sequence(let key): self = .sequence(key)
        case .cause(let cause): self = .cause(cause)
        }
    }
}
