import Disk
import EventModel
import EventStorage
import RecountTesting
import SQLiteDatabase
import Synchronization
import Testing

@testable import Processing
@testable import ReadModels

/// Asks for a mail for every event, and writes down that it was handled.
struct MailProjection: EffectfulProjection {
    let name = "mails"
    let tables = ["CREATE TABLE seen (position INTEGER, isReplay INTEGER NOT NULL)"]
    let eventTypes: [EventType]? = nil
    /// It is not, which is what lets the tests see; it says so for the replays to be allowed.
    let isIdempotent = true
    let mails: Mails
    var kind = "mail"
    var runsOnReplay = false
    var since: Timestamp?
    var poison: Set<UInt64> = []

    var effects: [EffectKind] {
        [
            EffectKind(kind, runsOnReplay: runsOnReplay, since: since) { [mails] effect in
                try mails.send(effect)
            }
        ]
    }

    func makeHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox
    ) throws -> any ProjectionHandler {
        let insert = try database.prepare("INSERT INTO seen VALUES (?, ?)")
        return Handler(kind: kind, poison: poison, insert: insert, outbox: outbox)
    }

    private final class Handler: ProjectionHandler {
        let kind: String
        let poison: Set<UInt64>
        let insert: SQLiteStatement
        let outbox: EffectOutbox

        init(
            kind: String,
            poison: Set<UInt64>,
            insert: SQLiteStatement,
            outbox: EffectOutbox
        ) {
            self.kind = kind
            self.poison = poison
            self.insert = insert
            self.outbox = outbox
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try outbox.ask(kind, key: "a", payload: "{\"number\":\(event.position)}")
            try insert.bind(.integer(Int64(event.position.number)), at: 1)
            try insert.bind(.integer(isReplay ? 1 : 0), at: 2)
            try insert.run()
            // It has asked by now, and must not have.
            if poison.contains(event.position.number) { throw Poison() }
            return true
        }
    }
}

private struct Poison: Error {}

/// Where mails go.
final class Mails: Sendable {
    private let state = Mutex(State())

    private struct State {
        var sent: [UInt64] = []
        var failing: Set<UInt64> = []
    }

    /// The positions of the events whose mails were sent, in order.
    var sent: [UInt64] { state.withLock { $0.sent } }

    /// The positions of the events whose mails cannot be sent.
    var failing: Set<UInt64> {
        get { state.withLock { $0.failing } }
        set { state.withLock { $0.failing = newValue } }
    }

    func send(_ effect: PendingEffect) throws {
        try state.withLock { state in
            if state.failing.contains(effect.position.number) { throw Poison() }
            state.sent.append(effect.position.number)
        }
    }
}

extension GroupFixture<MailProjection> {
    convenience init(_ mails: Mails) {
        self.init(MailProjection(mails: mails))
    }

    /// Appends events to a stream each.
    func append(_ count: UInt64, to stream: String? = nil) throws {
        for _ in 0..<count {
            let number = store.head().number
            let name = stream ?? "cart-\(number)"
            _ = try store.append(TestEvents.request(1, to: name, from: number))
        }
    }

    /// Lets the group handle everything there is, without performing effects.
    func handle() throws {
        try run("mails") { host in _ = try host.waitUntilDecided(store.head()) }
    }

    /// Performs what can be, as a process does that begins now.
    func perform() throws {
        let group = group("mails")
        let host = EffectHost([group], store: store, now: clock.now)
        host.stop(draining: true)
    }

    /// Has an operation obeyed.
    func obey(_ act: Operation.Act, _ number: UInt64) throws {
        try run("mails") { host in
            try ask(act, number)
            try wait { ![nil, .started].contains(try result(of: number)) }
            _ = try host.waitUntilDecided(store.head())
        }
    }

    /// Removes everything that is derived.
    func removeFiles() throws {
        let disk = RealDisk()
        for name in try disk.names(in: directory.path) {
            try disk.remove("\(directory.path)/\(name)")
        }
    }

    func waiting() throws -> [PendingEffect] {
        try GroupObserver(files: group("mails").files).effects()
    }

    /// What the log tells of effects, in order.
    func reports() throws -> [EffectReport.Fact] {
        try store.events(EventSelection(.stream(EffectReport.stream)))
            .compactMap { EffectReport($0)?.fact }
    }

    func replay(
        after start: UInt64 = 0,
        isShadow: Bool = false,
        _ number: UInt64 = 1
    ) throws {
        try obey(
            .replay(group: "mails", after: Position(start), rateLimit: nil, isShadow: isShadow),
            number
        )
    }
}
