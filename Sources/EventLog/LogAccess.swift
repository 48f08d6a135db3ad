import Disk
import EventModel
import EventStorage
import Synchronization

/// What a process may do with a store, and the page that it shares with others.
struct LogAccess: Sendable {
    /// The page; of this process alone where there is none and none can be made.
    let page: any SharedPage
    /// Why nothing can be written; nothing where something can.
    let readOnlyReason: String?
    /// The machine's boot identity.
    let boot: UInt64

    /// Opens the page for writing, or where that is not allowed for reading.
    init(_ directory: StoreDirectory, disk: any Disk) throws(DiskError) {
        boot = disk.bootIdentity
        do {
            page = try disk.share(directory.sharedPage, writable: true)
            readOnlyReason = nil
        } catch {
            guard error.isRefusal else { throw error }
            readOnlyReason = "this user may not write to it (\(error.cause))"
            page = try LogAccess.readablePage(directory, disk: disk)
        }
    }

    private static func readablePage(
        _ directory: StoreDirectory,
        disk: any Disk
    ) throws(DiskError) -> any SharedPage {
        do {
            return try disk.share(directory.sharedPage, writable: false)
        } catch {
            guard error.isMissing else { throw error }
            return AbsentPage()
        }
    }

    /// Whether the page was brought in order since the machine was started.
    var isCurrent: Bool { page.load(.boot) == boot }

    /// The last position that the page vouches for: after a start of the machine only what was
    /// synced, since what was merely written may have gone with it.
    var witnessed: Position { Position(page.load(isCurrent ? .head : .synced)) }
}

/// Stands for a shared page that does not exist on a disk that nobody can write to: all words are
/// 0, and nothing ever changes.
private final class AbsentPage: SharedPage {
    private let signal = ChangeSignal()

    func load(_ word: SharedPageWord) -> UInt64 { 0 }
    func store(_ word: SharedPageWord, _ value: UInt64) {}
    var counter: UInt32 { signal.value }
    func raise() { signal.raise() }
    func wait(since seen: UInt32, timeoutMilliseconds: Int) {
        signal.wait(since: seen, timeoutMilliseconds: timeoutMilliseconds)
    }
    func lock() throws(DiskError) {}
    func tryLock() throws(DiskError) -> Bool { true }
    func isLocked() throws(DiskError) -> Bool { false }
    func unlock() {}
}
