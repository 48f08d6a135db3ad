import EventLog
import EventStorage
import Glibc

/// What this program does as a process of its own for the benchmarks of the log.
struct LogChild {
    /// The first argument of such a process.
    static let command = "log-child"

    /// What such a process does.
    enum Role: String {
        /// Opens a store, asks for the head, loads a stream; tells the milliseconds it took.
        case open
        /// Opens a store, loads a stream, appends an event; tells the milliseconds of the append
        /// and the bytes of memory that are in no file.
        case append
        /// Appends to a store until it is killed; tells when it has begun.
        case write
        /// Follows a store; tells when it saw each event.
        case follow
    }

    /// Whose store it is.
    enum Engine: String {
        /// Ours.
        case log
        /// The table in SQLite.
        case table
    }

    /// What it does.
    var role: Role
    /// Whose store it is.
    var engine: Engine
    /// Where the store is.
    var path: String
    /// What the store holds.
    var workload: Workload

    /// The arguments of the process.
    var arguments: [String] {
        [
            LogChild.command, role.rawValue, engine.rawValue, path, String(workload.streamCount),
            String(workload.largeLength),
        ]
    }

    /// The child that the arguments behind the command describe; nothing where they do not.
    private init?(_ arguments: [String]) {
        guard arguments.count == 5, let role = Role(rawValue: arguments[0]),
            let engine = Engine(rawValue: arguments[1]), let streamCount = Int(arguments[3]),
            let largeLength = Int(arguments[4])
        else { return nil }
        self.init(
            role: role,
            engine: engine,
            path: arguments[2],
            workload: Workload(streamCount: streamCount, largeLength: largeLength)
        )
    }

    init(role: Role, engine: Engine, path: String, workload: Workload) {
        self.role = role
        self.engine = engine
        self.path = path
        self.workload = workload
    }

    /// Does what the arguments behind the command say, and ends the process.
    static func main(_ arguments: [String]) -> Never {
        guard let child = LogChild(arguments) else { exit(2) }
        do {
            try child.run()
            exit(0)
        } catch {
            print(error)
            exit(4)
        }
    }

    private func run() throws {
        switch role {
        case .open: try open()
        case .append: try append()
        case .write: try write()
        case .follow: try follow()
        }
    }

    private func store() throws -> any StoreUnderTest {
        switch engine {
        case .log: try LogStore(StoreDirectory(path), durability: .synced)
        case .table: try EventTable(path, .full)
        }
    }

    /// The first events of a stream in the middle.
    private var stream: Reading {
        .stream(Workload.stream(workload.streamCount / 2), count: Workload.streamLength)
    }

    private func open() throws {
        let start = ContinuousClock.now
        let store = try store()
        let opened = start.duration(to: .now) / .milliseconds(1)
        _ = try store.head()
        let hash = try store.read(stream)
        let answered = start.duration(to: .now) / .milliseconds(1)
        // A number of this size comes through as it is.
        print(opened, answered, hash >> 32)
    }

    private func append() throws {
        let store = try store()
        let hash = try store.read(stream)
        let next = Int(try store.head())
        let batch = workload.batch(next..<next + 1)
        let time = try seconds { _ = try store.append(batch) }
        print(time * 1000, try anonymousSize(), hash >> 32)
    }

    /// The bytes of resident memory that belong to no file.
    private func anonymousSize() throws -> Int {
        for line in lines(of: "/proc/self/status") where line.hasPrefix("RssAnon:") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count > 1, let size = Int(words[1]) { return size * 1024 }
        }
        throw BenchmarkError("the memory in use is unknown")
    }

    private func write() throws {
        let store = try store()
        var next = Int(try store.head())
        while true {
            _ = try store.append(workload.batch(next..<next + 10))
            next += 10
            print(next)
            fflush(nil)
        }
    }

    private func follow() throws {
        let store = try LogStore(StoreDirectory(path), durability: .synced)
        var position = try store.head()
        print(position)
        fflush(nil)
        while true {
            guard try store.wait(after: position) > position else { continue }
            position = try store.follow(after: position) { print($0, MonotonicClock.nanoseconds) }
            fflush(nil)
        }
    }
}

/// A clock that all processes of the machine share.
enum MonotonicClock {
    /// The time since the machine started.
    static var nanoseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
