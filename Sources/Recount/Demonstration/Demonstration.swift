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
        let arguments = context.arguments
        let isHeadless = arguments.has("headless")
        let console = try ConsoleOptions(context)
        guard isHeadless || isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 else {
            throw CommandFailure.usage("the demo needs a terminal, or --headless to run without")
        }
        Interrupt.catchSignals()
        let eventCount = max(1, try arguments.count("events") ?? 100_000)
        var load = makeLoad(eventCount)
        let log = try makeStore()
        try tellHistory(eventCount, from: &load, to: log)
        guard !Interrupt.isRaised else { return .done }
        let application = context.service(Application.self) ?? Application()
        let operations = StoreOperations(log: log, domain: try application.domain(of: directory))
        let host = StoreHost(operations)
        let source = LiveLoad(load, rate: try arguments.count("rate") ?? 20, into: log)
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

    private func makeStore() throws -> EventLog {
        if disk.exists(directory.manifest) { return try EventLog.open(directory) }
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
        let known = Int(try log.head().number)
        var toldCount = 0
        while !Interrupt.isRaised {
            let request = load.next(1000)
            guard !request.entries.isEmpty else { break }
            // A store that is shown again has the history already; the load only catches up.
            if known == 0 { _ = try log.append(request) }
            toldCount += request.entries.count
            progress.show(
                "making up a history: \(NumberFormat.grouped(toldCount)) of "
                    + "\(NumberFormat.grouped(eventCount)) events"
            )
        }
        progress.finish()
        if known > toldCount { _ = load.live(known - toldCount, at: EventLog.systemTime()) }
    }

    private func waitForInterrupt(_ log: EventLog) throws {
        try context.messages.line(
            "running in \(directory.path) until interrupted; "
                + "'recount console \(directory.path)' shows it"
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
