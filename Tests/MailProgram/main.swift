import Disk
import Glibc
import Processing
import Recount

/// Asks for a mail for every payment.
///
/// What happens to mails is decided by files beside the store: with `.down` they fail, with
/// `.crash` the process dies over one, else they end up in `.sent`.
struct Mails: EffectfulProjection {
    let name = "mails"
    let tables = ["CREATE TABLE mails (stream TEXT NOT NULL)"]
    let eventTypes: [EventType]? = ["Paid"]
    let isIdempotent = false
    let store: String

    var effects: [EffectKind] { [EffectKind("mail") { [store] in try send($0, of: store) }] }

    func makeHandler(
        in database: SQLiteConnection,
        asking outbox: EffectOutbox
    ) throws -> any ProjectionHandler {
        Handler(insert: try database.prepare("INSERT INTO mails VALUES (?)"), outbox: outbox)
    }

    private final class Handler: ProjectionHandler {
        let insert: SQLiteStatement
        let outbox: EffectOutbox

        init(insert: SQLiteStatement, outbox: EffectOutbox) {
            self.insert = insert
            self.outbox = outbox
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            try insert.bind(text: event.streamName.text, at: 1)
            try insert.run()
            try outbox.ask("mail", key: event.streamName.text, payload: event.payload.text)
            return true
        }
    }
}

struct ServerDown: Error {}

func send(_ mail: PendingEffect, of store: String) throws {
    let disk = RealDisk()
    if disk.exists(store + ".crash") { kill(getpid(), SIGKILL) }
    if disk.exists(store + ".down") { throw ServerDown() }
    let line = Array("\(mail.key) \(mail.payload)\n".utf8)
    let path = store + ".sent"
    let sent = try disk.exists(path) ? disk.open(path, writable: true) : disk.create(path, size: 0)
    try sent.write(line.span.bytes, at: sent.size())
}

let store = CommandLine.arguments.dropFirst(2).first ?? ""
try await Application { Mails(store: store) }.main()
