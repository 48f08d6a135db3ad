/// A file or directory of a simulated machine, whatever its names.
struct SimulatedNode: Sendable {
    var isDirectory: Bool
    /// The permission bits as processes see them.
    var permissions: UInt16
    /// The permission bits that survive the machine.
    var durablePermissions: UInt16
    /// The bytes that survive the machine.
    var durable = DurableBytes()
    /// The bytes that processes see; nothing until one looks.
    var live: LiveBytes?
    /// How many bytes processes see.
    var size = 0
    /// The words of a shared page; none for other files.
    var words: [UInt64] = []
    /// The words as they were before each of the latest stores, oldest first.
    var earlierWords: [(index: Int, value: UInt64)] = []
    /// How often waiters of a shared page were woken.
    var counter: UInt32 = 0

    /// A directory or an empty file that nobody else may use.
    init(isDirectory: Bool) {
        self.isDirectory = isDirectory
        permissions = isDirectory ? 0o700 : 0o600
        durablePermissions = permissions
    }

    /// Changes a word of a shared page.
    mutating func store(_ index: Int, _ value: UInt64) {
        if earlierWords.count == SimulatedNode.earlierWordsMax { earlierWords.removeFirst() }
        earlierWords.append((index, words[index]))
        words[index] = value
    }

    /// How many stores a crash may take back at most.
    static let earlierWordsMax = 64

    /// The bytes that processes see, with room for some more.
    mutating func liveBytes(capacity: Int = 0) -> LiveBytes {
        if let live, live.capacity >= capacity { return live }
        let grown =
            if let live {
                LiveBytes(live[0..<size], capacity: max(capacity, live.capacity * 2))
            } else {
                durable.bytes.withUnsafeBytes {
                    LiveBytes($0, capacity: max(capacity, $0.count))
                }
            }
        live = grown
        return grown
    }
}

/// Bytes that survive the machine, and a number by which equal ones are recognised.
struct DurableBytes: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Equal for equal bytes, in one run of a program.
    private(set) var hash = 0

    init() {}

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        hash = hasher.finalize()
    }
}

/// Something done to a simulated disk that a crash of the machine may undo.
enum UnsyncedChange: Sendable {
    /// Bytes written to a file, which grew where they end beyond its end.
    case write(node: Int, offset: Int, bytes: [UInt8])
    /// The permission bits of a file or directory.
    case permissions(node: Int, UInt16)
    /// Names in one directory that lead elsewhere now, or nowhere: all of them or none.
    case names(directory: String, [Name])

    /// A path, and what it leads to; nothing where it was removed.
    struct Name: Sendable {
        var path: String
        var node: Int?
    }
}
