import EventLog
import EventModel
import EventStorage
import Glibc

/// A process that does to a log what it is told, a line each, and answers with a line each.
///
/// - `limit files|size COUNT`, `user NUMBER`: what the process may do from now on
/// - `create PATH SIZE`, `open PATH`: which log it uses; `SIZE` is that of its files
/// - `append synced|flushed`: one batch
/// - `load`: batches without end, each answered by a line of its own, until one is not appended
/// - `head`, `count`: the last position, and how many events can be read
/// - `wait POSITION`: until there are events behind it, ten minutes at most
/// - `wake`: ends the waits of others
struct Tester {
    private var batches: BatchGenerator
    private var log: EventLog?

    init(seed: UInt64) {
        batches = BatchGenerator(seed: seed)
    }

    /// Does what a line says, and tells what came of it.
    mutating func answer(_ line: String) -> String {
        let words = line.split(separator: " ").map(String.init)
        do {
            return try answer(words[0], Array(words.dropFirst()))
        } catch let error as AppendError {
            return Tester.description(of: error)
        } catch let error as StorageError {
            return "failed \(error.code) \(error)"
        } catch {
            return "failed unknown \(error)"
        }
    }

    private mutating func answer(_ verb: String, _ words: [String]) throws -> String {
        switch verb {
        case "limit": return limit(words[0], rlim_t(words[1]) ?? 0)
        case "user": return setuid(uid_t(words[0]) ?? 0) == 0 ? "done" : "failed setuid"
        case "create": return try create(words[0], fileSize: Int(words[1]) ?? 0)
        case "open": return try open(words[0])
        default: break
        }
        guard let log else { return "failed closed" }
        switch verb {
        case "append": return try append(words[0] == "synced" ? .synced : .flushed, to: log)
        case "load": return try load(log)
        case "count": return try count(log)
        case "head": return "head \(try log.head())"
        case "wake":
            log.wakeWaiters()
            return "done"
        case "wait": return try wait(log, after: Position(UInt64(words[0]) ?? 0))
        default: return "failed unknown \(verb)"
        }
    }

    private func limit(_ what: String, _ count: rlim_t) -> String {
        let resource = __rlimit_resource_t(
            (what == "files" ? RLIMIT_NOFILE : RLIMIT_FSIZE).rawValue
        )
        var limit = rlimit()
        getrlimit(resource, &limit)
        limit.rlim_cur = min(count, limit.rlim_max)
        return setrlimit(resource, &limit) == 0 ? "done" : "failed setrlimit"
    }

    private mutating func create(_ path: String, fileSize: Int) throws -> String {
        log = try EventLog.create(
            StoreDirectory(path),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: fileSize)
        )
        return "done"
    }

    private mutating func open(_ path: String) throws -> String {
        let log = try EventLog.open(StoreDirectory(path))
        self.log = log
        let access = log.readOnlyReason.map { "read-only \($0)" } ?? "writable"
        return "open \(try log.head()) \(access)"
    }

    private mutating func append(_ durability: Durability, to log: EventLog) throws -> String {
        var request = batches.next()
        request.durability = durability
        let result = try log.append(request)
        let events = zip(request.entries, result.placements).map { entry, placement in
            [
                "\(placement.position)", "\(placement.sequence)", entry.event.id.description,
                entry.stream.text, String(decoding: entry.event.payload, as: UTF8.self),
            ].joined(separator: "/")
        }
        return "acknowledged \(durability) " + events.joined(separator: " ")
    }

    private mutating func load(_ log: EventLog) throws -> String {
        while true {
            say(try append(batches.isNextFlushed() ? .flushed : .synced, to: log))
        }
    }

    private func count(_ log: EventLog) throws -> String {
        var count = 0
        try log.read(EventSelection()) { _ in
            count += 1
            return .more
        }
        return "count \(count)"
    }

    /// Tells the head behind the wait, and how often the process slept meanwhile.
    private func wait(_ log: EventLog, after position: Position) throws -> String {
        let before = Tester.sleepCount
        let head = try log.wait(after: position, timeoutMilliseconds: 600_000)
        return "head \(head) \(Tester.sleepCount - before)"
    }

    private static var sleepCount: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_nvcsw
    }

    private static func description(of error: AppendError) -> String {
        switch error {
        case .failed(let failure): "failed \(failure.code) \(failure)"
        case .refused(.readOnly(let reason)): "refused readOnly \(reason)"
        case .refused(let refusal): "refused other \(refusal)"
        }
    }
}

/// Writes a line to the standard output, at once and with one call.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
}
