import Disk
import EventModel
public import EventStorage
import Synchronization

extension EventLog {
    /// Appends events, all or none; blocks until the disk has synced them.
    ///
    /// Appends of several threads that come at the same time share one record and one sync.
    ///
    /// - Throws: ``AppendError/refused(_:)`` where the request or the state of the store speaks
    ///   against it; ``AppendError/failed(_:)`` where the disk fails. After a failed sync every
    ///   later append fails until the store is opened again.
    public func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
        if let reason = access.readOnlyReason { throw .refused(.readOnly(reason)) }
        let (group, number) = queue.join(request)
        if number == 0 { lead(group) }
        let outcome = group.outcome(number)
        requestUpkeep()
        return try outcome.get()
    }

    /// Writes for all of a group.
    private func lead(_ group: AppendGroup) {
        let outcomes = writer.withLock { writer in
            queue.gather(group)
            do throws(DiskError) {
                try page.lock()
                defer { page.unlock() }
                return commit(queue.close(group), with: &writer)
            } catch {
                let failure = AppendError.failed(StorageError(error))
                return queue.close(group).map { _ in .failure(failure) }
            }
        }
        group.end(with: outcomes)
    }

    /// Decides about requests and writes what they add; the caller holds the store's lock.
    private func commit(
        _ requests: [AppendRequest],
        with writer: inout LogWriter
    ) -> [AppendOutcome] {
        var outcomes: [AppendOutcome] = []
        do {
            try checkWritable(&writer)
            while outcomes.count < requests.count {
                outcomes += try commitRecord(requests[outcomes.count...], with: &writer)
            }
        } catch {
            let failure = AppendError(error)
            while outcomes.count < requests.count { outcomes.append(.failure(failure)) }
        }
        return outcomes
    }

    /// Writes one record for as many requests as fit into it.
    ///
    /// - Throws: what kept the record from being written. Then nothing is known of any request,
    ///   since those that were refused were refused in view of those that were not written.
    private func commitRecord(
        _ requests: ArraySlice<AppendRequest>,
        with writer: inout LogWriter
    ) throws -> [AppendOutcome] {
        let (head, lastTime) = state.withLock { ($0.head, $0.lastRecordedTime) }
        let time = max(now(), lastTime)
        var draft = RecordDraft()
        swap(&draft, &writer.draft)
        var decision = GroupDecision(
            on: LogAppendContext(log: self),
            head: head,
            recordedTime: time,
            limits: limits,
            draft: consume draft
        )
        for (index, request) in zip(requests.indices, requests) {
            guard decision.decide(request, isLast: index == requests.endIndex - 1) else { break }
        }
        let synced = Position(page.load(.synced))
        let isSynced = zip(requests, decision.outcomes).contains { request, outcome in
            request.durability == .synced && outcome.needsSync(after: synced)
        }
        let outcomes = decision.outcomes
        if decision.draft.eventCount > 0 {
            try write(&decision.draft, after: head, at: time, isSynced: isSynced, with: &writer)
        } else if isSynced {
            try sync(through: head, with: &writer)
        }
        writer.draft = decision.draft
        return outcomes
    }

    /// Sees to it that the log can be appended to and that this process knows all of it.
    private func checkWritable(_ writer: inout LogWriter) throws {
        if let error = writer.stoppedBy { throw error }
        if let refusal = refusal.withLock({ $0 }) {
            throw AppendError.refused(.readOnly(refusal.description))
        }
        if page.load(.isStopped) == 1 { throw StorageError.stopped() }
        let lastFile = page.load(.lastFile)
        try withCurrentState { _ in }
        try state.withLock { (state) throws(StorageError) in try state.goOn(toFile: lastFile) }
        if isInDoubt { try bringInOrder(&writer) }
        if let damage = try withCurrentState({ $0.damage }) {
            throw AppendError.refused(.readOnly(damage.description))
        }
    }

    /// Writes the record of a draft behind the last one, and lets readers see it.
    private func write(
        _ draft: inout RecordDraft,
        after head: Position,
        at time: Timestamp,
        isSynced: Bool,
        with writer: inout LogWriter
    ) throws {
        let salt = disk.randomBytes(RecordSalt.size)
        let header = RecordHeader(
            bodySize: draft.bodySize,
            eventCount: draft.eventCount,
            firstPosition: head.next,
            recordedTime: time,
            durableUpTo: Position(page.load(.synced)),
            predecessor: state.withLock { $0.lastChecksum },
            bodyChecksum: 0,
            salt: RecordSalt(salt)
        )
        page.store(.isWriting, 1)
        try makeRoom(for: header.length, isSynced: isSynced, with: &writer)
        let (file, offset) = state.withLock { ($0.lastFile, $0.end) }
        draft.finish(header, file: file.checksum, offset: offset)
        try tail(file, of: &writer).write(draft.bytes.span.bytes, at: offset)
        if isSynced { try sync(through: header.lastPosition, with: &writer) }
        publish(header.lastPosition)
    }

    /// Lets every reader see the events up to a position.
    func publish(_ position: Position) {
        page.store(.head, position.number)
        page.store(.isWriting, 0)
        page.raise()
        // The events are written and visible; this process takes them in when it next looks.
        try? state.withLock { (state) throws(StorageError) in
            try state.catchUp(to: position, isOwn: true)
        }
    }
}

extension AppendError {
    /// What went wrong while appending: one of this module's own three errors.
    fileprivate init(_ error: any Error) {
        switch error {
        case let error as AppendError: self = error
        case let error as StorageError: self = .failed(error)
        case let error as DiskError: self = .failed(StorageError(error))
        default: preconditionFailure("Appending throws only its own three errors.")
        }
    }
}

extension AppendOutcome {
    /// Whether it tells of events that may not be on disk.
    fileprivate func needsSync(after synced: Position) -> Bool {
        guard case .success(let result) = self else { return false }
        return result.placements.contains { $0.position > synced }
    }
}

/// The log as deciding about an append sees it.
private struct LogAppendContext: AppendContext {
    let log: EventLog

    func lastSequences(of streams: [StreamName]) throws(StorageError) -> [Sequence?] {
        try log.state.withLock { (state) throws(StorageError) in
            try state.lastSequences(of: streams)
        }
    }

    func places(of ids: [EventID]) throws(StorageError) -> [KnownEvent?] {
        try log.state.withLock { (state) throws(StorageError) in try state.places(of: ids) }
    }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try log.read(selection, visit)
    }
}
