public import EventModel
import Synchronization

/// How often each command was carried out and how long that took, for every repository of a
/// program; refused commands count too.
public final class CommandStatistics: Sendable {
    /// A command and the times it took.
    public struct Entry: Hashable, Sendable {
        /// The category of the aggregates.
        public var category: Category
        /// The name of the command's case.
        public var command: String
        /// From the call to the outcome.
        public var latencies: LatencyHistogram

        /// Makes an entry from its parts.
        public init(category: Category, command: String, latencies: LatencyHistogram) {
            self.category = category
            self.command = command
            self.latencies = latencies
        }
    }

    /// A command that is being carried out.
    struct Measured {
        let key: Key
        let start: Duration
    }

    struct Key: Hashable {
        let category: Category
        let command: String
    }

    private let elapsed: MonotonicTimeSource
    private let latencies = Mutex<[Key: LatencyHistogram]>([:])

    /// Has counted nothing.
    ///
    /// - Parameter elapsed: measures how long commands take.
    public init(elapsed: @escaping MonotonicTimeSource = MonotonicTime.elapsed) {
        self.elapsed = elapsed
    }

    /// What was counted so far, by category, then command.
    public var entries: [Entry] {
        CommandStatistics.entries(latencies.withLock { $0 })
    }

    /// What was counted since this was last called, by category, then command; the count begins
    /// anew.
    public func take() -> [Entry] {
        let taken = latencies.withLock { latencies in
            defer { latencies = [:] }
            return latencies
        }
        return CommandStatistics.entries(taken)
    }

    private static func entries(_ latencies: [Key: LatencyHistogram]) -> [Entry] {
        latencies
            .map { Entry(category: $0.key.category, command: $0.key.command, latencies: $0.value) }
            .sorted { ($0.category, $0.command) < ($1.category, $1.command) }
    }

    func begin(_ category: Category, _ command: some Sendable) -> Measured {
        let name = CommandStatistics.name(of: command)
        return Measured(
            key: Key(category: category, command: name),
            start: elapsed()
        )
    }

    func end(_ measured: Measured) {
        let time = Int64((elapsed() - measured.start) / .microseconds(1))
        latencies.withLock { $0[measured.key, default: LatencyHistogram()].add(microseconds: time) }
    }

    /// The case of an enumeration, or the type of anything else.
    private static func name(of command: some Sendable) -> String {
        let mirror = Mirror(reflecting: command)
        guard mirror.displayStyle == .enum else { return "\(type(of: command))" }
        return mirror.children.first?.label ?? "\(command)"
    }
}
