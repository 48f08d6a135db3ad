import Disk
import EventModel
import EventStorage
import Synchronization

extension EventLog {
    /// Sees to it that all events up to the last one written are on disk.
    ///
    /// After a bulk load this syncs every file that holds events which were only written, and the
    /// names of those files; else it is one sync of the last file.
    func sync(through position: Position, with writer: inout LogWriter) throws {
        let first = Position(page.load(.synced)).next
        guard first <= position else { return }
        let files = state.withLock { $0.files(from: first) }
        for file in files { try sync(file, of: &writer) }
        if files.contains(where: { $0.mayHaveUnsyncedName(from: first) }) {
            try syncNames(of: &writer)
        }
        for file in files.dropLast() { try disk.makeReadOnly(file.path) }
        page.store(.synced, position.number)
    }

    /// The last file, open for writing; sealed files never are.
    func tail(_ file: LogFile, of writer: inout LogWriter) throws(DiskError) -> any DiskFile {
        if let tail = writer.tail, tail.path == file.path { return tail }
        let tail = try disk.open(file.path, writable: true)
        writer.tail = tail
        return tail
    }

    private func sync(_ file: LogFile, of writer: inout LogWriter) throws {
        do throws(DiskError) {
            let isTail = writer.tail?.path == file.path
            let open = try isTail ? tail(file, of: &writer) : disk.open(file.path, writable: false)
            try open.sync()
        } catch {
            throw stop(&writer, after: error)
        }
    }

    /// Makes the names of the log files durable.
    func syncNames(of writer: inout LogWriter) throws {
        do throws(DiskError) {
            try disk.syncDirectory(directory.log)
        } catch {
            throw stop(&writer, after: error)
        }
    }

    /// Ends all writing, here and in other processes.
    ///
    /// A failed sync is never tried again: the operating system may have dropped the bytes and
    /// report success the next time (Rebello et al., "Can Applications Recover from fsync
    /// Failures?", USENIX ATC 2020).
    private func stop(_ writer: inout LogWriter, after error: DiskError) -> StorageError {
        let stopped = StorageError.stopped(by: error)
        writer.stoppedBy = stopped
        page.store(.isStopped, 1)
        return stopped
    }
}

extension LogFile {
    /// Whether the file was made when not all before it was synced, and no event of it was synced
    /// since, as all are from `position` on: then its name may not be on disk.
    fileprivate func mayHaveUnsyncedName(from position: Position) -> Bool {
        header.durableUpTo.next < header.firstPosition && position <= header.firstPosition
    }
}

extension StorageError {
    /// Nothing can be written since a sync failed.
    static func stopped(by error: DiskError? = nil) -> StorageError {
        StorageError(
            .stopped,
            "a sync of the log failed; end the programs that use the store and open it again",
            location: error?.path,
            cause: error?.cause
        )
    }
}
