import Disk
import EventStorage

/// What appending needs besides the state of the log; held by one thread at a time.
struct LogWriter: Sendable {
    /// Memory for the record being made.
    var draft = RecordDraft()
    /// The last log file, open for writing.
    var tail: (any DiskFile)?
    /// The failed sync after which nothing is written any more.
    var stoppedBy: StorageError?
}
