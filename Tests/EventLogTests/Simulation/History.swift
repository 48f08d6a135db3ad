import EventModel
import EventStorage
import Glibc

/// What was asked of a store so far, and how much of it must be there.
struct History: Sendable {
    /// How sure it is that a request is in the store.
    enum Standing: Hashable, Sendable {
        /// Acknowledged and synced: there, whatever happens.
        case certain
        /// Acknowledged and flushed: there unless the machine crashes.
        case flushed
        /// Under way, or failed: there as a whole or not at all.
        case doubtful
    }

    /// A request that writes events.
    struct Attempt: Sendable {
        var request: AppendRequest
        /// The entries that it writes, those known to the store left out.
        var written: [AppendRequest.Entry]
        var standing: Standing
    }

    private(set) var attempts: [Attempt] = []
    /// A number that is equal for equal histories, in one run of a program.
    private(set) var hash = 0

    /// Adds a request that is now under way.
    mutating func begin(_ request: AppendRequest, writing written: [AppendRequest.Entry]) {
        attempts.append(Attempt(request: request, written: written, standing: .doubtful))
        rehash()
    }

    /// Takes in that the last request was acknowledged.
    mutating func acknowledge(_ durability: Durability) {
        attempts[attempts.count - 1].standing = .flushed
        if durability == .synced { confirm(through: attempts.count) }
        rehash()
    }

    /// Takes in that the oldest requests are on disk.
    mutating func confirm(through count: Int) {
        for index in 0..<count where attempts[index].standing == .flushed {
            attempts[index].standing = .certain
        }
        rehash()
    }

    /// Takes in which requests a process has found, so that no doubt is left.
    mutating func settle(_ isThere: [Bool]) {
        attempts = zip(attempts, isThere).compactMap { attempt, isThere in
            guard isThere else { return nil }
            var attempt = attempt
            if attempt.standing == .doubtful { attempt.standing = .flushed }
            return attempt
        }
        rehash()
    }

    private mutating func rehash() {
        var hasher = Hasher()
        for attempt in attempts {
            hasher.combine(attempt.standing)
            hasher.combine(attempt.written.count)
            hasher.combine(attempt.written.first?.event.id)
        }
        hash = hasher.finalize()
    }
}

extension History {
    /// Holds the events of a store against what was asked of it.
    ///
    /// - Parameters:
    ///   - events: all the store has, oldest first.
    ///   - isAfterCrash: whether the machine crashed since, so that what was only flushed may be
    ///     gone, from the end.
    /// - Returns: which requests are there.
    /// - Throws: ``SimulationFailure`` where an acknowledged event is missing or another one than
    ///   was appended, where a request is there in part, where positions, sequences or times are
    ///   not in order, or where there is an event that nobody appended.
    @discardableResult
    func check(
        _ events: [RecordedEvent],
        afterCrash isAfterCrash: Bool
    ) throws(SimulationFailure) -> [Bool] {
        try History.checkOrder(of: events)
        var rest = events[...]
        var isLost = false
        var isThere: [Bool] = []
        for (number, attempt) in attempts.enumerated() {
            let isFound = rest.first?.id == attempt.written.first?.event.id
            isThere.append(isFound)
            if isFound {
                guard !isLost else {
                    throw SimulationFailure("request \(number) outlived an earlier one")
                }
                try History.checkAndRemove(attempt.written, number, from: &rest)
            } else if attempt.standing == .certain
                || (attempt.standing == .flushed && !isAfterCrash)
            {
                throw SimulationFailure(
                    "request \(number), which is \(attempt.standing), is lost: "
                        + "the store has \(events.count) events"
                )
            } else if attempt.standing == .flushed {
                isLost = true
            }
        }
        if let event = rest.first {
            throw SimulationFailure("nobody appended the event at position \(event.position)")
        }
        return isThere
    }

    private static func checkAndRemove(
        _ written: [AppendRequest.Entry],
        _ number: Int,
        from rest: inout ArraySlice<RecordedEvent>
    ) throws(SimulationFailure) {
        for entry in written {
            guard let event = rest.popFirst(), event.id == entry.event.id else {
                throw SimulationFailure("request \(number) is there only in part")
            }
            guard event.isSame(as: entry) else {
                throw SimulationFailure("the event at position \(event.position) has changed")
            }
        }
    }

    /// Sees to it that positions and sequences have no gaps and times do not go back.
    private static func checkOrder(of events: [RecordedEvent]) throws(SimulationFailure) {
        var next: [StreamName: Sequence] = [:]
        var time = Timestamp(microseconds: .min)
        for (index, event) in events.enumerated() {
            guard event.position == Position(UInt64(index + 1)),
                event.sequence == next[event.stream, default: .first]
            else {
                throw SimulationFailure(
                    "event \(index) is at \(event.position), \(event.sequence) of its stream"
                )
            }
            guard event.recordedTime >= time else {
                throw SimulationFailure("the time at position \(event.position) goes back")
            }
            next[event.stream] = event.sequence.next
            time = event.recordedTime
        }
    }
}

extension RecordedEvent {
    /// Whether it is what was appended.
    fileprivate func isSame(as entry: AppendRequest.Entry) -> Bool {
        let event = entry.event
        return stream == entry.stream && type == event.type && revision == event.revision
            && tags == event.tags && contentType == event.contentType
            && (event.eventTime == nil || eventTime == event.eventTime)
            && metadata.isSame(as: event.metadata) && payload.isSame(as: event.payload)
    }
}

extension [UInt8] {
    /// Whether the bytes are equal, compared faster than one by one.
    fileprivate func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { bytes in
            other.withUnsafeBytes { otherBytes in
                guard let one = bytes.baseAddress, let two = otherBytes.baseAddress else {
                    return true
                }
                return memcmp(one, two, bytes.count) == 0
            }
        }
    }
}
