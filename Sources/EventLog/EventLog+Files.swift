import Disk
import EventModel
import EventStorage
import Synchronization

extension EventLog {
    /// Goes on to a new file where the last one has no room for a record.
    ///
    /// The new file, and all before it, is on disk before anything is written to it where
    /// `isSynced` says so, and where all before it is on disk in any case.
    ///
    /// - Throws: ``StorageError`` or ``DiskError`` where there is no space, or a sync fails.
    func makeRoom(for length: Int, isSynced: Bool, with writer: inout LogWriter) throws {
        let (last, end, head, predecessor) = state.withLock {
            ($0.lastFile, $0.end, $0.head, $0.lastChecksum)
        }
        guard end + length > last.size else { return }
        let isSynced = isSynced || page.load(.synced) == head.number
        if isSynced { try sync(through: head, with: &writer) }
        let header = LogFileHeader(
            fileSize: UInt64(limits.fileSize),
            store: identity.id,
            incarnation: identity.incarnation,
            number: last.header.number + 1,
            firstPosition: head.next,
            salt: disk.randomNumber(),
            predecessor: predecessor,
            durableUpTo: Position(page.load(.synced)),
            createdTime: now()
        )
        try begin(header, isSynced: isSynced)
        if isSynced {
            try syncNames(of: &writer)
            try disk.makeReadOnly(last.path)
        }
        let isOpen = try state.withLock { (state) throws(StorageError) in
            try state.openNextFile()
        }
        guard isOpen else {
            throw StorageError(
                .inputOutput,
                "the log file that was just made is not there; append again",
                location: directory.log
            )
        }
        page.store(.lastFile, UInt64(header.number))
    }

    /// Makes the log file of a header, of the prepared file where there is one.
    private func begin(_ header: LogFileHeader, isSynced: Bool) throws(DiskError) {
        let path = directory.logFile(LogFile.name(firstPosition: header.firstPosition))
        var zeros = directory.preparedFile
        let isPrepared = (try? disk.status(zeros))?.size == limits.fileSize
        if !isPrepared {
            zeros = path + ".zeros"
            try LogFile.makeZeros(zeros, size: limits.fileSize, disk: disk)
        }
        try LogFile.begin(path, from: zeros, header: header, isSynced: isSynced, disk: disk)
    }
}
