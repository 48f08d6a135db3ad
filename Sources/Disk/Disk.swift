/// The file system, as far as a store needs it.
///
/// Paths are absolute or relative to the process; all calls block. A simulation stands in for the
/// real one in tests.
public protocol Disk: Sendable {
    /// A number that is another one after each start of the machine, and never 0.
    var bootIdentity: UInt64 { get }

    /// Bytes that nobody can guess; the same ones again only in a simulation.
    func randomBytes(_ count: Int) -> [UInt8]

    /// Opens a file that exists.
    func open(_ path: String, writable: Bool) throws(DiskError) -> any DiskFile

    /// Makes a new file that nobody else may read, of `size` zeros that take up space on disk.
    ///
    /// - Throws: ``DiskError`` with `EEXIST` where the path exists.
    func create(_ path: String, size: Int) throws(DiskError) -> any DiskFile

    /// Makes a directory that nobody else may enter; not an error where it exists.
    func createDirectory(_ path: String) throws(DiskError)

    /// The names in a directory, sorted by their bytes.
    func names(in path: String) throws(DiskError) -> [String]

    /// Whether a file or directory exists.
    func exists(_ path: String) -> Bool

    /// What a path leads to, itself even where it is a link.
    func status(_ path: String) throws(DiskError) -> FileStatus

    /// Gives a file a new name in place of any that has it.
    func rename(_ path: String, to newPath: String) throws(DiskError)

    /// Removes a file.
    func remove(_ path: String) throws(DiskError)

    /// Removes a directory and everything below it; symbolic links are removed, not followed.
    func removeTree(_ path: String) throws(DiskError)

    /// Takes the right to write from everybody, the owner included.
    func makeReadOnly(_ path: String) throws(DiskError)

    /// Makes the names in a directory durable.
    func syncDirectory(_ path: String) throws(DiskError)

    /// Maps a small file for sharing among processes.
    ///
    /// Where words are to be stored or the lock taken, it must be writable, and is made where it
    /// does not exist; otherwise a permission to read is enough.
    func share(_ path: String, writable: Bool) throws(DiskError) -> any SharedPage
}

extension Disk {
    /// Removes a file; not an error where it does not exist, or somebody else removes it.
    public func removeIfPresent(_ path: String) throws(DiskError) {
        do { try remove(path) } catch { guard error.isMissing else { throw error } }
    }
}

/// An open file.
public protocol DiskFile: AnyObject, Sendable {
    /// The path it was opened with.
    var path: String { get }

    /// The bytes of the file.
    func size() throws(DiskError) -> Int

    /// The bytes of a range, fewer only where the file ends.
    func read(_ range: Range<Int>) throws(DiskError) -> [UInt8]

    /// Writes bytes over those at an offset, all of them.
    func write(_ bytes: RawSpan, at offset: Int) throws(DiskError)

    /// Makes what was written durable. After a failure nothing may be trusted that was written
    /// since the last success, even where it can be read.
    func sync() throws(DiskError)

    /// The bytes of the file from the start, as they are and as they become.
    func map(size: Int) throws(DiskError) -> any MappedBytes
}

/// The bytes of a file in memory; writes of any process show in it.
public protocol MappedBytes: AnyObject, Sendable {
    /// The bytes, valid as long as this object lives; the owner makes spans of them.
    var buffer: UnsafeRawBufferPointer { get }
}

/// A few words of memory that several processes share, and a lock that at most one holds.
///
/// The words survive the processes but not always the machine: they are hints. A page that was
/// shared for reading only traps where it is to be changed or locked.
public protocol SharedPage: AnyObject, Sendable {
    /// The word with an index, 0 to ``SharedPageWord/count`` - 1.
    func load(_ word: SharedPageWord) -> UInt64

    /// Changes a word.
    func store(_ word: SharedPageWord, _ value: UInt64)

    /// How often ``raise()`` was called, in all processes; wraps around.
    var counter: UInt32 { get }

    /// Wakes whoever waits, in all processes, and whoever is about to wait.
    ///
    /// The counter of a page shared for reading stays, so that only those wake who wait already.
    func raise()

    /// Waits until the counter differs from `seen`, at most the time given; may return early.
    func wait(since seen: UInt32, timeoutMilliseconds: Int)

    /// Waits until no other process and no other thread holds the lock, and takes it.
    ///
    /// - Throws: ``DiskError`` with `ESTALE` where the file was removed, so that the lock would
    ///   keep nobody out.
    func lock() throws(DiskError)

    /// Takes the lock where nobody holds it.
    ///
    /// - Returns: whether it was free.
    func tryLock() throws(DiskError) -> Bool

    /// Whether somebody who opened the page himself holds the lock.
    ///
    /// To ask never keeps anybody from taking it.
    func isLocked() throws(DiskError) -> Bool

    /// Gives the lock back.
    func unlock()
}

/// One of the words of a ``SharedPage``.
public struct SharedPageWord: Hashable, Sendable {
    /// Which of the words it is.
    public let index: Int

    /// Names a word.
    public init(_ index: Int) {
        precondition(
            (0..<SharedPageWord.count).contains(index),
            "A shared page has \(SharedPageWord.count) words."
        )
        self.index = index
    }

    /// How many words a page has.
    public static let count = 62
}
