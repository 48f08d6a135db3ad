import Recount

/// The payload of every event of the workload, with all its fields.
struct BilledPayload: Codable, Hashable, Sendable {
    var customer: String
    var plan: String
    var period: String
    var seats: Int
    var currency: String
    var taxRate: Double
    var isTrial: Bool
    var invoice: String
    var reference: String
    var amountCents: Int
}

/// The events of the workload as a developer would write them down.
enum BilledEvent: DomainEvent, Hashable {
    case started(BilledPayload)
    case paymentReceived(BilledPayload)
    case invoiceIssued(BilledPayload)
    case usageRecorded(BilledPayload)
    case planChanged(BilledPayload)
    case paymentFailed(BilledPayload)
    case renewed(BilledPayload)
    case paused(BilledPayload)
    case reminderSent(BilledPayload)
    case refundGranted(BilledPayload)

    static let forms: EventForms = [
        "started": "SubscriptionStarted",
        "paymentReceived": EventForm(WorkloadEvent.commonType),
        "invoiceIssued": "InvoiceIssued",
        "usageRecorded": "UsageRecorded",
        "planChanged": "PlanChanged",
        "paymentFailed": "PaymentFailed",
        "renewed": "SubscriptionRenewed",
        "paused": "SubscriptionPaused",
        "reminderSent": "ReminderSent",
        "refundGranted": EventForm(WorkloadEvent.rareType),
    ]

    /// What it tells, whatever it is.
    var payload: BilledPayload {
        switch self {
        case .started(let payload), .paymentReceived(let payload), .invoiceIssued(let payload),
            .usageRecorded(let payload), .planChanged(let payload), .paymentFailed(let payload),
            .renewed(let payload), .paused(let payload), .reminderSent(let payload),
            .refundGranted(let payload):
            payload
        }
    }
}

/// A subscription of the workload, as an aggregate that sums up what its events tell.
struct BilledSubscription: Aggregate, Codable {
    /// What is asked of it.
    enum Command: Sendable {
        case receivePayment(BilledPayload)
    }

    /// Why it says no.
    enum Rejection: Error {
        case notStarted
    }

    static let category = Category("subscription")

    var eventCount = 0
    var amountCents = 0
    var seats = 0
    var plan = ""
    var lastInvoice = ""

    func decide(_ command: Command) throws(Rejection) -> [BilledEvent] {
        guard eventCount > 0 else { throw .notStarted }
        return switch command {
        case .receivePayment(let payload): [.paymentReceived(payload)]
        }
    }

    mutating func evolve(_ event: BilledEvent) {
        let payload = event.payload
        eventCount += 1
        amountCents += payload.amountCents
        seats = max(seats, payload.seats)
        plan = payload.plan
        lastInvoice = payload.invoice
    }

    /// A number that depends on every event.
    var hash: UInt64 {
        mix(UInt64(eventCount) ^ mix(UInt64(amountCents) ^ mix(UInt64(seats))))
            ^ mix(lastInvoice.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    }
}

/// The same with snapshots, so that both can be measured on one store.
struct SavedSubscription: Aggregate, Codable {
    static let category = BilledSubscription.category
    static let codec = BilledSubscription.codec
    static var snapshotEvery: Int? { 50 }

    var subscription = BilledSubscription()

    func decide(
        _ command: BilledSubscription.Command
    ) throws(BilledSubscription.Rejection) -> [BilledEvent] {
        try subscription.decide(command)
    }

    mutating func evolve(_ event: BilledEvent) {
        subscription.evolve(event)
    }
}
