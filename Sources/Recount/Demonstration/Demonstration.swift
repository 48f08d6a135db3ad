import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import Operations
import Screen
import Synchronization

/// A store with made-up events, its groups running and more events coming, until it is left.
struct Demonstration {
    private let directory: StoreDirectory
    /// The directory made for this demonstration alone; nothing where the operator named one.
    private let temporary: String?
    private let model: String
    private let context: VerbContext
    private let disk = RealDisk()

    /// Chooses where the store is to be.
    init(model: String, _ context: VerbContext) throws {
        self.model = model
        self.context = context
        // From here on there is something to remove.
        Interrupt.catchSignals()
        if let path = context.arguments.text("store") {
            directory = StoreDirectory(path)
            temporary = nil
        } else {
            let path = try Demonstration.makeTemporaryDirectory()
            directory = StoreDirectory(path + "/billing.store")
            temporary = path
        }
    }

    /// Shows the demonstration; removes everything it made unless the operator named the store.
    func run(_ makeLoad: (_ eventCount: Int) -> any DemonstrationLoad) throws -> ExitStatus {
        defer {
            if let temporary { try? disk.removeTree(temporary) }
        }
        let isHeadless = context.arguments.has("headless")
        let console = try ConsoleOptions(context)
        guard isHeadless || isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 else {
            throw CommandFailure.usage("the demo needs a terminal, or --headless to run without")
        }
        let eventCount = try number("events", 1...100_000_000) ?? 100_000
        let rate = try number("rate", 0...1_000_000) ?? 20
        let log = try makeStore()
        var load = makeLoad(eventCount)
        try tellHistory(eventCount, from: &load, to: log)
        guard !Interrupt.isRaised else { return .done }
        let application = context.service(Application.self) ?? Application()
        let operations = StoreOperations(log: log, domain: try application.domain(of: directory))
        let host = StoreHost(operations)
        let source = LiveLoad(load, rate: rate, into: log)
        defer {
            source.stop()
            host.stop()
        }
        if isHeadless {
            try waitForInterrupt(log)
        } else {
            try console.run(operations)
        }
        if temporary == nil {
            try context.messages.line("the store stays in \(directory.path)")
        }
        return .done
    }

    /// The value of an option that counts something and has a limit.
    private func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return try context.arguments.value(name, expected) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    private func makeStore() throws -> EventLog {
        if disk.exists(directory.manifest) { return try EventLog.openHeld(directory) }
        var generator = SystemRandomNumberGenerator()
        let id = EventID(time: EventLog.systemTime(), using: &generator)
        let log = try EventLog.create(directory, id: id)
        let file = try disk.create(directory.model, size: 0)
        try file.write(Array(model.utf8).span.bytes, at: 0)
        try file.sync()
        return log
    }

    private func tellHistory(
        _ eventCount: Int,
        from load: inout any DemonstrationLoad,
        to log: EventLog
    ) throws {
        let progress = ProgressLine(context.messages)
        // A store that is shown again has these; the load only catches up with them.
        var knownCount = try appendedCount(log)
        var toldCount = 0
        while !Interrupt.isRaised {
            let request = load.next(1000)
            guard !request.entries.isEmpty else { break }
            let entries = request.entries.dropFirst(knownCount)
            knownCount -= request.entries.count - entries.count
            if !entries.isEmpty {
                _ = try log.append(
                    AppendRequest(entries: Array(entries), durability: request.durability)
                )
            }
            toldCount += request.entries.count
            progress.show(
                "making up a history: \(NumberFormat.grouped(toldCount)) of "
                    + "\(NumberFormat.grouped(eventCount)) events"
            )
        }
        if !Interrupt.isRaised { _ = load.live(knownCount, at: EventLog.systemTime()) }
        progress.finish()
    }

    /// How many events of the domain a store holds.
    private func appendedCount(_ log: EventLog) throws -> Int {
        try log.streams(StreamsRequest(limit: .max))
            .filter { !$0.stream.isSystem }
            .reduce(0) { $0 + Int(clamping: $1.eventCount) }
    }

    private func waitForInterrupt(_ log: EventLog) throws {
        try context.messages.line(
            "running in \(directory.path) until interrupted; "
                + "'\(context.table.program) console \(directory.path)' shows it"
        )
        try context.messages.flush()
        while !Interrupt.isRaised {
            _ = try log.wait(after: Position(.max), timeoutMilliseconds: 250)
        }
    }

    private static func makeTemporaryDirectory() throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/recount-demo-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else {
            throw DiskError(call: "mkdtemp", path: parent, number: errno)
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Appends made-up events at a rate, on a thread of its own.
private final class LiveLoad: Sendable {
    private let isStopping: Atomic<Bool>
    private let thread: Mutex<WorkerThread?>
    private let signal = ChangeSignal()

    init(_ load: any DemonstrationLoad, rate: Int, into log: EventLog) {
        isStopping = Atomic(false)
        thread = Mutex(nil)
        guard rate > 0 else { return }
        thread.withLock {
            $0 = WorkerThread { [self] in run(load, rate: rate, into: log) }
        }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        signal.raise()
        thread.withLock { $0 }?.join()
    }

    /// Appends what is due ten times a second, or one event at a time where fewer are.
    private func run(_ load: any DemonstrationLoad, rate: Int, into log: EventLog) {
        var load = load
        let count = max(1, rate / 10)
        let milliseconds = max(1, 1000 * count / rate)
        while !isStopping.load(ordering: .acquiring) {
            // A store that cannot be written to is shown as such by the console.
            _ = try? log.append(load.live(count, at: EventLog.systemTime()))
            signal.wait(since: signal.value, timeoutMilliseconds: milliseconds)
        }
    }
}
