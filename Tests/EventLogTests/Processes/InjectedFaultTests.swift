import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting
import Testing

/// Calls of the operating system that fail, one after the other.
@Suite struct InjectedFaultTests {
    private static let fileSize = 16 << 10

    /// Enough to go on to a new file several times.
    private static let script = Array(
        repeatElement(["synced", "flushed", "flushed", "synced", "synced", "flushed"], count: 3)
            .joined()
    )

    /// The calls that the log makes, each with a way to fail; a plus means from then on.
    static let faults = [
        "openat:error=EIO", "openat:error=EMFILE", "pwrite64:error=ENOSPC", "pwrite64:error=EIO",
        "pwrite64:error=ENOSPC+", "pwrite64:error=EINTR", "pwrite64:retval=0",
        "fdatasync:error=EIO", "fdatasync:error=EIO+", "fsync:error=EIO", "rename:error=EIO",
        "chmod:error=EIO", "mmap:error=ENOMEM", "close:error=EIO",
        "fcntl:error=ENOLCK", "fallocate:error=ENOSPC",
        "newfstatat:error=EIO", "getdents64:error=EIO",
        "access:error=EIO", "pread64:error=EIO",
    ]

    /// Whether calls of other processes can be made to fail here.
    private static let isPossible = shell("strace -f -o /dev/null -e inject=getppid:error=EIO true")

    @Test(.enabled(if: isPossible, "it takes strace, and the right to trace"), arguments: faults)
    func `no call that fails loses an event or tells of one that is not there`(
        fault: String
    ) throws {
        let paths = try InjectedFaultTests.paths()
        var number = 0
        var hasHit = true
        while hasHit {
            number += 1
            hasHit = try check(fault, number, paths)
        }
        #expect(number > 1, "the log makes such a call")
    }

    /// The names that the log uses while the script runs.
    private static func paths() throws -> [String] {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(store, fileSize: fileSize)
        let process = try LogProcess()
        _ = try process.ask("open \(store.path)")
        for durability in script { _ = try process.ask("append \(durability)") }
        _ = process.end()
        let made = try RealDisk().names(in: store.log)
        let logs = made.filter { $0.hasSuffix(".log") }
        let names =
            logs + made.filter { $0.hasSuffix(".index") }.flatMap { [$0, $0 + ".new"] }
            + (logs + ["prepared"]).flatMap { [$0 + ".zeros", $0 + ".zeros.new"] }
            + ["shared", "upkeep", "prepared"]
        return ["", "/store.json", "/log"] + names.map { "/log/" + $0 }
    }

    /// Lets one call fail, and sees what came of it.
    ///
    /// - Returns: whether there was such a call.
    private func check(_ fault: String, _ number: Int, _ paths: [String]) throws -> Bool {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(store, fileSize: InjectedFaultTests.fileSize)
        let witness = try EventLog.open(store)
        let report = directory.path + "/calls"
        let process = try LogProcess(
            tracer: InjectedFaultTests.tracer(fault, number, store, paths, report)
        )
        var ledger = Ledger()
        var isStopped = false
        var answer = try process.ask("open \(store.path)")
        if answer.fault != nil { answer = try process.ask("open \(store.path)") }
        for durability in InjectedFaultTests.script {
            let answer = try process.ask("append \(durability)")
            if isStopped { #expect(answer.fault == "stopped", "\(fault) \(number)") }
            if answer.fault == "stopped" { isStopped = true }
            #expect(answer.fault != "unknown")
            try ledger.note(answer)
        }
        #expect(process.end() == 0, "\(fault) \(number)")

        let lines = try InjectedFaultTests.calls(report).filter { $0.contains("INJECTED") }
        expectStopped(isStopped, after: lines, witness)
        let log = try EventLog.open(store)
        #expect(log.readOnlyReason == nil, "\(fault) \(number)")
        try ledger.check(log)
        _ = try log.append(TestEvents.request(1, to: "cart-1", from: 1))
        try ledger.checkAll(EventLog.open(store))
        return !lines.isEmpty
    }

    /// Sees that after a sync of events failed nobody writes before the store is opened anew.
    private func expectStopped(
        _ isStopped: Bool,
        after lines: [String],
        _ witness: EventLog
    ) {
        // A directory that cannot be opened cannot be synced either.
        let mayStop = lines.contains { $0.contains("openat") }
        let mustStop = lines.contains {
            $0.contains(/(?:fdatasync|fsync)\(\d+<[^>]*log(?:\/\d+\.log)?>/)
        }
        #expect(isStopped == mustStop || isStopped && mayStop, "\(lines)")
        guard isStopped else { return }
        let error = #expect(throws: AppendError.self) {
            try witness.append(TestEvents.request(1, to: "cart-1", from: 2 << 16 | 1))
        }
        guard case .failed(let failure) = error, failure.code == .stopped else {
            Issue.record("another process goes on: \(String(describing: error))")
            return
        }
    }

    /// The calls in a report, each in one line; where threads called at the same time, the report
    /// tells the beginning of a call and its end apart from each other.
    private static func calls(_ report: String) throws -> [String] {
        let file = try RealDisk().open(report, writable: false)
        let text = String(decoding: try file.read(0..<file.size()), as: UTF8.self)
        var begun: [Substring: Substring] = [:]
        var calls: [String] = []
        for line in text.split(separator: "\n") {
            let thread = line.prefix { $0 != " " }
            if line.hasSuffix("<unfinished ...>") {
                begun[thread] = line
            } else if line.contains(" resumed>") {
                calls.append(String((begun[thread] ?? "") + line))
            } else {
                calls.append(String(line))
            }
        }
        return calls
    }

    /// The words that have the calls of a process on a store fail.
    private static func tracer(
        _ fault: String,
        _ number: Int,
        _ store: StoreDirectory,
        _ paths: [String],
        _ report: String
    ) -> [String] {
        let isLasting = fault.hasSuffix("+")
        let rule =
            isLasting ? String(fault.dropLast()) + ":when=\(number)+" : fault + ":when=\(number)"
        let call = fault.prefix { $0 != ":" }
        return [
            "strace", "-f", "-y", "-q", "-o", report, "-e", "trace=\(call)", "-e", "inject=\(rule)",
        ]
            + paths.flatMap { ["-P", store.path + $0] }
    }
}
