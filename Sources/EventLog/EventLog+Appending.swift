import Disk
import EventModel
public import EventStorage
import Synchronization

extension EventLog {
    /// Appends events, all or none, as one record; blocks until the disk has synced it.
    ///
    /// - Throws: ``AppendError/refused(_:)`` where the request or the state of the store speaks
    ///   against it; ``AppendError/failed(_:)`` where the disk fails. After a failed sync every
    ///   later append fails until the store is opened again.
    public func append(_ request: AppendRequest) throws(AppendError) -> AppendResult {
        do {
            return try writer.withLock { writer in
                try page.lock()
                defer { page.unlock() }
                return try append(request, with: &writer)
            }
        } catch let error as AppendError {
            throw error
        } catch let error as StorageError {
            throw .failed(error)
        } catch let error as DiskError {
            throw .failed(StorageError(error))
        } catch {
            preconditionFailure("Appending throws only its own three errors.")
        }
    }

    private func append(
        _ request: AppendRequest,
        with writer: inout LogWriter
    ) throws -> AppendResult {
        try checkWritable(&writer)
        try state.withLock { state in try writer.takeInIdentities(of: state) }
        let context = LogAppendContext(log: self, identities: writer.identities)
        let head = try head()
        let plan = try AppendPlan(request, head: head, in: context)
        if !plan.written.isEmpty {
            try write(plan, of: request, with: &writer)
        } else if request.durability == .synced {
            try syncKnown(plan, head: head, with: &writer)
        }
        return AppendResult(
            placements: plan.placements,
            duplicateCount: plan.duplicateCount,
            durability: request.durability
        )
    }

    /// Sees to it that the log can be appended to and that this process knows all of it.
    private func checkWritable(_ writer: inout LogWriter) throws {
        if let error = writer.stoppedBy { throw error }
        if page.load(.isStopped) == 1 {
            throw StorageError(
                .stopped,
                "a sync of the log failed; end the programs that use the store and open it again"
            )
        }
        if page.load(.isWriting) == 1 { try bringInOrder(&writer, checkingTail: true) }
        if let damage = try withCurrentState({ $0.damage }) {
            throw AppendError.refused(.readOnly(damage.description))
        }
    }

    private func write(
        _ plan: AppendPlan,
        of request: AppendRequest,
        with writer: inout LogWriter
    ) throws {
        let (head, lastTime, predecessor) = state.withLock {
            ($0.head, $0.lastRecordedTime, $0.lastChecksum)
        }
        let header = writer.encode(
            plan,
            of: request,
            head: head,
            recordedTime: max(now(), lastTime ?? Timestamp(microseconds: .min)),
            predecessor: predecessor,
            durableUpTo: Position(page.load(.synced)),
            salts: disk.randomBytes(plan.written.count * EventEncoding.saltSize)
        )
        guard header.bodySize <= StoreLimits.batchSizeMax,
            LogFormat.fileHeaderSize + header.length <= fileSize
        else {
            throw AppendError.refused(.invalid(index: 0, .batchSize(header.bodySize)))
        }
        try makeRoom(for: header.length, predecessor: predecessor, with: &writer)
        let (file, offset) = state.withLock { ($0.lastFile, $0.end) }
        writer.finish(header, seed: RecordHeader.seed(file: file.checksum, offset: offset))
        page.store(.isWriting, 1)
        try tail(file, of: &writer).write(writer.buffer.span.bytes, at: offset)
        if request.durability == .synced {
            try sync(file, with: &writer)
            page.store(.synced, header.lastPosition.number)
        }
        publish(header.lastPosition)
    }

    /// Syncs events that a bulk load appended and that are now to be on disk.
    private func syncKnown(
        _ plan: AppendPlan,
        head: Position,
        with writer: inout LogWriter
    ) throws {
        guard let last = plan.placements.map(\.position.number).max(),
            last > page.load(.synced)
        else { return }
        try sync(state.withLock { $0.lastFile }, with: &writer)
        page.store(.synced, head.number)
    }

    /// The last file, open for writing; sealed files never are.
    func tail(_ file: LogFile, of writer: inout LogWriter) throws(DiskError) -> any DiskFile {
        if let tail = writer.tail, tail.path == file.path { return tail }
        let tail = try disk.open(file.path, writable: true)
        writer.tail = tail
        return tail
    }

    /// Lets every reader see the events up to a position.
    func publish(_ position: Position) {
        page.store(.head, position.number)
        page.store(.isWriting, 0)
        page.raise()
        // The events are written and visible; this process takes them in when it next looks.
        try? state.withLock { (state) throws(StorageError) in try state.catchUp(to: position) }
    }

    /// Syncs a file; stops all writing, here and in other processes, where that fails.
    ///
    /// A failed sync is never tried again: the operating system may have dropped the bytes and
    /// report success the next time (Rebello et al., "Can Applications Recover from fsync
    /// Failures?", USENIX ATC 2020).
    func sync(_ file: LogFile, with writer: inout LogWriter) throws {
        do throws(DiskError) {
            try tail(file, of: &writer).sync()
        } catch {
            let stopped = StorageError(
                .stopped,
                "a sync of the log failed; end the programs that use the store and open it again",
                location: error.path,
                cause: error.cause
            )
            writer.stoppedBy = stopped
            page.store(.isStopped, 1)
            throw stopped
        }
    }

    /// Goes on to a new file where the last one has no room for a record.
    private func makeRoom(
        for length: Int,
        predecessor: UInt64,
        with writer: inout LogWriter
    ) throws {
        let (last, end, head) = state.withLock { ($0.lastFile, $0.end, $0.head) }
        guard end + length > last.size else { return }
        let header = LogFileHeader(
            fileSize: UInt64(fileSize),
            store: identity.id,
            incarnation: identity.incarnation,
            firstPosition: head.next,
            salt: disk.randomNumber(),
            predecessor: predecessor,
            createdTime: now()
        )
        try sync(last, with: &writer)
        page.store(.synced, head.number)
        let path = directory.logFile(LogFile.name(firstPosition: head.next))
        if !disk.exists(path) { try LogFile.create(path, header: header, disk: disk) }
        try disk.syncDirectory(directory.log)
        try disk.makeReadOnly(last.path)
        try state.withLock { state in try state.openNextFile() }
    }
}

extension LogWriter {
    /// Adds the identities of events that were taken in since the last time.
    fileprivate mutating func takeInIdentities(
        of state: borrowing LogState
    ) throws(StorageError) {
        for number in identities.count..<Int(state.head.number) {
            try state.withView(at: Position(UInt64(number + 1))) { identities.add($0.id) }
        }
    }
}

/// The log as deciding about an append sees it.
private struct LogAppendContext: AppendContext {
    let log: EventLog
    let identities: IdentityTable

    func lastSequence(of stream: StreamName) -> Sequence? {
        log.state.withLock { $0.index.lastSequence(of: stream) }
    }

    func place(of id: EventID) throws(StorageError) -> KnownEvent? {
        guard let position = identities.position(of: id) else { return nil }
        return try log.state.withLock { (state) throws(StorageError) in
            try state.withView(at: position) { event in
                KnownEvent(
                    stream: event.streamName,
                    placement: AppendResult.Placement(
                        position: position,
                        sequence: event.sequence
                    )
                )
            }
        }
    }

    func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try log.read(selection, visit)
    }
}
