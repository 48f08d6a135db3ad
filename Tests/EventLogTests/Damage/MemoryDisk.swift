import Disk
import Glibc
import Synchronization

/// A disk whose files are bytes in memory, so that a store can be damaged and opened in less than
/// a millisecond.
///
/// Everything is durable at once. A copy of ``files`` is an image of the disk.
final class MemoryDisk: Disk {
    private struct State {
        var files: [String: MemoryBytes]
        var directories: Set<String>
        var random = RandomSequence(seed: 1)
    }

    let bootIdentity: UInt64
    private let state: Mutex<State>

    /// Makes a disk that holds some files, and the directories they are in.
    init(files: [String: [UInt8]] = [:], bootIdentity: UInt64 = 1) {
        self.bootIdentity = bootIdentity
        let directories = files.keys.map(MemoryDisk.parent)
        state = Mutex(
            State(
                files: files.mapValues { MemoryBytes($0) },
                directories: Set(directories + directories.map(MemoryDisk.parent))
            )
        )
    }

    /// The bytes of all files.
    var files: [String: [UInt8]] {
        state.withLock { $0.files.mapValues(\.copy) }
    }

    private static func parent(of path: String) -> String {
        String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
    }

    func randomBytes(_ count: Int) -> [UInt8] {
        state.withLock { state in
            (0..<count).map { _ in UInt8(truncatingIfNeeded: state.random.next()) }
        }
    }

    func open(_ path: String, writable: Bool) throws(DiskError) -> any DiskFile {
        MemoryFile(path: path, bytes: try bytes("open", path))
    }

    func create(_ path: String, size: Int) throws(DiskError) -> any DiskFile {
        let bytes = MemoryBytes([UInt8](repeating: 0, count: size))
        state.withLock { $0.files[path] = bytes }
        return MemoryFile(path: path, bytes: bytes)
    }

    func createDirectory(_ path: String) throws(DiskError) {
        state.withLock { _ = $0.directories.insert(path) }
    }

    func names(in path: String) throws(DiskError) -> [String] {
        let names = state.withLock { state -> [String]? in
            guard state.directories.contains(path) else { return nil }
            return state.files.keys.filter { $0.hasPrefix(path + "/") }
                .map { String($0.dropFirst(path.utf8.count + 1)) }
                .filter { !$0.contains("/") }
        }
        guard let names else { throw DiskError(call: "opendir", path: path, number: ENOENT) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func exists(_ path: String) -> Bool {
        state.withLock { $0.files[path] != nil || $0.directories.contains(path) }
    }

    func status(_ path: String) throws(DiskError) -> FileStatus {
        if state.withLock({ $0.directories.contains(path) }) {
            return FileStatus(kind: .directory, size: 0, permissions: 0o700, isOwn: true)
        }
        let size = try bytes("lstat", path).count
        return FileStatus(kind: .file, size: size, permissions: 0o600, isOwn: true)
    }

    func rename(_ path: String, to newPath: String) throws(DiskError) {
        let bytes = try bytes("rename", path)
        state.withLock { state in
            state.files[path] = nil
            state.files[newPath] = bytes
        }
    }

    func remove(_ path: String) throws(DiskError) {
        state.withLock { $0.files[path] = nil }
    }

    func removeTree(_ path: String) throws(DiskError) {
        state.withLock { state in
            state.files = state.files.filter { !$0.key.hasPrefix(path + "/") }
            _ = state.directories.remove(path)
        }
    }

    func makeReadOnly(_ path: String) throws(DiskError) {}
    func syncDirectory(_ path: String) throws(DiskError) {}

    func share(_ path: String, writable: Bool) throws(DiskError) -> any SharedPage {
        if !exists(path) { _ = try create(path, size: 512) }
        let bytes = try bytes("open", path)
        bytes.resize(to: 512)
        return MemoryPage(bytes)
    }

    private func bytes(_ call: String, _ path: String) throws(DiskError) -> MemoryBytes {
        guard let bytes = state.withLock({ $0.files[path] }) else {
            throw DiskError(call: call, path: path, number: ENOENT)
        }
        return bytes
    }
}

// Sendable: a store that keeps itself up in its own thread is used by one thread at a time.
/// The bytes of a file, at one place in memory until they become more.
private final class MemoryBytes: @unchecked Sendable {
    private var live: LiveBytes
    private(set) var count: Int

    init(_ bytes: [UInt8]) {
        count = bytes.count
        live = bytes.withUnsafeBytes { LiveBytes($0, capacity: bytes.count) }
    }

    var copy: [UInt8] { Array(live[0..<count]) }

    func read(_ range: Range<Int>) -> [UInt8] {
        Array(live[range.clamped(to: 0..<count)])
    }

    func write(_ bytes: RawSpan, at offset: Int) {
        resize(to: max(count, offset + bytes.byteCount))
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            (live.address + offset).copyMemory(from: start, byteCount: source.count)
        }
    }

    func resize(to size: Int) {
        if size > live.capacity { live = LiveBytes(live[0..<count], capacity: size * 2) }
        count = size
    }

    var mapped: LiveBytes { live }
}

private final class MemoryFile: DiskFile {
    let path: String
    private let bytes: MemoryBytes

    init(path: String, bytes: MemoryBytes) {
        self.path = path
        self.bytes = bytes
    }

    func size() throws(DiskError) -> Int { bytes.count }
    func read(_ range: Range<Int>) throws(DiskError) -> [UInt8] { bytes.read(range) }
    func write(_ bytes: RawSpan, at offset: Int) throws(DiskError) {
        self.bytes.write(bytes, at: offset)
    }
    func sync() throws(DiskError) {}

    func map(size: Int) throws(DiskError) -> any MappedBytes {
        guard size > 0, size <= bytes.count else {
            throw DiskError(call: "mmap", path: path, number: EINVAL)
        }
        return LiveMapping(bytes.mapped, size: size)
    }
}

/// A page that one process uses, and no other.
private final class MemoryPage: SharedPage {
    private let bytes: MemoryBytes

    init(_ bytes: MemoryBytes) {
        self.bytes = bytes
    }

    func load(_ word: SharedPageWord) -> UInt64 {
        let start = word.index * 8
        return bytes.read(start..<start + 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func store(_ word: SharedPageWord, _ value: UInt64) {
        let encoded = (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        bytes.write(encoded.span.bytes, at: word.index * 8)
    }

    var counter: UInt32 { 0 }
    func raise() {}
    func wait(since seen: UInt32, timeoutMilliseconds: Int) {}
    func lock() throws(DiskError) {}
    func tryLock() throws(DiskError) -> Bool { true }
    func isLocked() throws(DiskError) -> Bool { false }
    func unlock() {}
}
