import DomainModel
import EventStorage
import Recount

/// A read model of the workload: a row for each subscription, which every event changes, and one
/// for each plan and month, which payments change.
enum BilledReadModel {
    /// Its tables.
    static let tables = [
        """
        CREATE TABLE subscriptions (
            subscription TEXT PRIMARY KEY, plan TEXT NOT NULL, seats INTEGER NOT NULL,
            invoice TEXT NOT NULL, amountCents INTEGER NOT NULL, eventCount INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE revenue (
            plan TEXT, period TEXT, amountCents INTEGER NOT NULL, PRIMARY KEY (plan, period)
        ) WITHOUT ROWID
        """,
    ]

    /// What changes the row of a subscription, from its name and fields.
    static let updateSubscription = updateSubscription(from: "?1, ?2, ?3, ?4, ?5")

    /// What adds a payment, from plan, period and amount.
    static let addRevenue = addRevenue(from: "?1, ?2, ?3")

    /// The same as a `recount.yaml` describes it.
    static let model = """
        recount: 1
        projections:
          billed:
            tables:
        \(tables.map { "      - \(line($0))\n" }.joined())
            on:
              "*":
                - \(line(updateSubscription(from: modelFields)))
              \(WorkloadEvent.commonType):
                - \(line(addRevenue(from: ":data ->> 'plan', :data ->> 'period', \(modelAmount)")))
        """

    /// The projection as the model describes it.
    static func modelProjection() throws -> any Projection {
        guard
            let projection = try DomainModel(parsing: model, file: "recount.yaml").projections.first
        else { throw BenchmarkError("the model has no projection") }
        return projection
    }

    /// A number that depends on every row of a database with the tables.
    static func hash(ofRowsAt path: String) throws -> UInt64 {
        let database = try SQLiteConnection(path: path, mode: .readOnly)
        var hash: UInt64 = 0
        for table in ["subscriptions ORDER BY subscription", "revenue ORDER BY plan, period"] {
            let rows = try database.prepare("SELECT * FROM \(table)")
            while try rows.step() {
                for column in 0..<rows.columnCount {
                    let text = rows.string(at: column) ?? ""
                    hash = mix(hash ^ text.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
                }
            }
        }
        return hash
    }

    private static let modelAmount = ":data ->> 'amountCents'"
    private static let modelFields =
        ":stream, :data ->> 'plan', :data ->> 'seats', :data ->> 'invoice', \(modelAmount)"

    private static func updateSubscription(from fields: String) -> String {
        """
        INSERT INTO subscriptions VALUES (\(fields), 1) ON CONFLICT DO UPDATE
        SET plan = excluded.plan, seats = excluded.seats, invoice = excluded.invoice,
            amountCents = amountCents + excluded.amountCents, eventCount = eventCount + 1
        """
    }

    private static func addRevenue(from fields: String) -> String {
        """
        INSERT INTO revenue VALUES (\(fields))
        ON CONFLICT DO UPDATE SET amountCents = amountCents + excluded.amountCents
        """
    }

    /// A statement in one line, as a list in YAML takes it.
    private static func line(_ statement: String) -> String {
        statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// The read model as a projection in Swift whose statements take bytes as they lie in the event.
struct BilledProjection: Projection {
    let name = "billed"
    let tables = BilledReadModel.tables
    let eventTypes: [EventType]? = nil
    let isIdempotent = false

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        try BilledHandler(database)
    }
}

private final class BilledHandler: ProjectionHandler {
    private let updateSubscription: SQLiteStatement
    private let addRevenue: SQLiteStatement
    private let paymentType = Array(WorkloadEvent.commonType.text.utf8)
    private var parser = JSONParser()

    init(_ database: SQLiteConnection) throws {
        updateSubscription = try database.prepare(BilledReadModel.updateSubscription)
        addRevenue = try database.prepare(BilledReadModel.addRevenue)
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        let isPayment = event.type.equals(paymentType)
        let (payload, stream) = (event.payload, event.stream)
        try payload.withUnsafeBytes { payload in
            try stream.withUnsafeBytes { stream in
                let fields = try BilledFields(payload, &parser)
                try update(stream, fields)
                if isPayment { try add(fields) }
            }
        }
        return true
    }

    private func update(_ stream: UnsafeRawBufferPointer, _ fields: BilledFields) throws {
        try updateSubscription.bindUncopied(text: stream.bindMemory(to: UInt8.self), at: 1)
        try updateSubscription.bindUncopied(text: fields.plan.bindMemory(to: UInt8.self), at: 2)
        try updateSubscription.bind(integer: fields.seats, at: 3)
        try updateSubscription.bindUncopied(text: fields.invoice.bindMemory(to: UInt8.self), at: 4)
        try updateSubscription.bind(integer: fields.amountCents, at: 5)
        try updateSubscription.run()
    }

    private func add(_ fields: BilledFields) throws {
        try addRevenue.bindUncopied(text: fields.plan.bindMemory(to: UInt8.self), at: 1)
        try addRevenue.bindUncopied(text: fields.period.bindMemory(to: UInt8.self), at: 2)
        try addRevenue.bind(integer: fields.amountCents, at: 3)
        try addRevenue.run()
    }
}
