public import EventModel
public import EventStorage
import Synchronization

extension EventLog {
    /// Gives a look at the state after everything published has been taken in.
    func withCurrentState<Result>(
        _ body: (borrowing LogState) -> sending Result
    ) throws(StorageError) -> sending Result {
        let published = published
        return try state.withLock { (state) throws(StorageError) in
            try catchUp(&state, to: published)
            return body(state)
        }
    }

    /// Asks the index after everything published has been taken in.
    func withIndex<Result: Sendable>(
        _ body: (borrowing LogIndex) throws(IndexDamage) -> Result
    ) throws(StorageError) -> Result {
        let published = published
        return try state.withLock { (state) throws(StorageError) in
            try catchUp(&state, to: published)
            return try state.withIndex(body)
        }
    }

    /// The last position that is to be taken in.
    private var published: Position { access.isCurrent ? access.witnessed : .start }

    private func catchUp(
        _ state: inout LogState,
        to published: Position
    ) throws(StorageError) {
        if state.head < published { try state.catchUp(to: published) }
        takenIn.store(state.head.number, ordering: .releasing)
    }

    /// The position of the last event that readers may see.
    ///
    /// Takes no lock while nothing has been published since somebody last looked at the state.
    public func head() throws(StorageError) -> Position {
        let known = Position(takenIn.load(ordering: .acquiring))
        // Without a page that vouches for it, there may be more than was published.
        if access.isCurrent, known >= access.witnessed { return known }
        return try withCurrentState { (state) in state.head }
    }

    /// Builds a damaged index file again from the log.
    func rebuild(_ damage: IndexDamage) throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in try state.rebuild(damage) }
    }
}

extension LogState {
    /// The last sequences of streams, in their order; nothing for those that do not exist.
    mutating func lastSequences(of streams: [StreamName]) throws(StorageError) -> [Sequence?] {
        let hashes = streams.map { StreamHash($0.text.utf8.span.bytes) }
        var last = tails.last(of: hashes)
        for number in hashes.indices where last[number] == nil {
            last[number] = try withIndex { (index) throws(IndexDamage) in
                try index.lastSequence(of: streams[number].text.utf8.span.bytes)
            }
            if let last = last[number] { tails.insert(hashes[number], last: last) }
        }
        return last
    }

    /// The places and streams of the events with some identities, in their order; nothing for those
    /// that the log does not hold.
    mutating func places(of ids: [EventID]) throws(StorageError) -> [KnownEvent?] {
        var places = [KnownEvent?](repeating: nil, count: ids.count)
        let candidates = try withIndex { (index) throws(IndexDamage) in
            try index.candidates(of: ids)
        }
        for candidate in candidates where places[candidate.number] == nil {
            places[candidate.number] = try known(ids[candidate.number], at: candidate.position)
        }
        return places
    }

    /// The event at a position, where it has an identity.
    private mutating func known(
        _ id: EventID,
        at position: Position
    ) throws(StorageError) -> KnownEvent? {
        let block = try withIndex { (index) throws(IndexDamage) in
            try index.block(of: position.number)
        }
        guard let block else { return nil }
        var cursor = try EventCursor(files, at: block)
        try cursor.skip(to: position)
        var known: KnownEvent?
        _ = try cursor.forEach(through: position) { event in
            guard event.id == id else { return .stop }
            let placement = AppendResult.Placement(position: position, sequence: event.sequence)
            known = KnownEvent(stream: event.streamName, placement: placement)
            return .stop
        }
        return known
    }

    /// Asks the index; where a file of it turns out to be damaged, builds that again and asks once
    /// more.
    mutating func withIndex<Result>(
        _ body: (borrowing LogIndex) throws(IndexDamage) -> Result
    ) throws(StorageError) -> Result {
        while true {
            let damage: IndexDamage
            do throws(IndexDamage) {
                return try body(index)
            } catch {
                damage = error
            }
            try rebuild(damage)
        }
    }
}
