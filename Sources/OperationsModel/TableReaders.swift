/// The other processes that have the rows of a group open.
public struct TableReaders: Hashable, Sendable {
    /// One of the processes.
    public struct Reader: Hashable, Sendable {
        /// The number of the process.
        public var process: Int32
        /// What it calls itself: text from outside.
        public var name: String
        /// Whether it runs the group.
        public var isHost: Bool

        /// Makes a reader from its parts.
        public init(process: Int32, name: String, isHost: Bool = false) {
            self.process = process
            self.name = name
            self.isHost = isHost
        }
    }

    /// The processes, by number.
    public var readers: [Reader]
    /// Whether the user who asks may look into every process.
    public var isComplete: Bool

    /// Makes a list from its parts.
    public init(_ readers: [Reader], isComplete: Bool) {
        self.readers = readers
        self.isComplete = isComplete
    }

    /// The list on one line, with text from outside.
    public var summary: String {
        let words = readers.map { "\($0.process) \($0.name)\($0.isHost ? " (host)" : "")" }
        let list = words.isEmpty ? "none" : words.joined(separator: ", ")
        return isComplete ? list : "\(list); those of other users are not visible"
    }

    /// What is said where the operating system does not show what processes have open.
    public static let unknown = "not known on this machine"
}
