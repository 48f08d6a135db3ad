public import Recount

/// A customer's subscription, from its creation to its end.
public struct Subscription: Aggregate, Codable, Hashable {
    /// Where a subscription stands.
    public enum Status: String, Codable, Hashable, Sendable {
        /// Chosen, not in force yet.
        case created
        /// In force.
        case active
        /// Stopped for a while.
        case suspended
        /// Ended for good.
        case cancelled
    }

    /// An invoice as far as decisions need it.
    public struct Invoice: Codable, Hashable, Sendable {
        /// Its number.
        public var number: String
        /// What it asks for, or what is left of it after refunds.
        public var amountCents: Int
        /// How often collecting it failed.
        public var failedPaymentCount = 0
    }

    /// The category of its streams.
    public static let category = Category("subscription")
    /// A snapshot is taken every fifty events.
    public static var snapshotEvery: Int? { 50 }
    /// Suspensions told no reason at first.
    public static var upcasters: [Upcaster] {
        [
            Upcaster("SubscriptionSuspended", from: 1, to: 2) { _ in
                ["reason": "unknown"]
            }
        ]
    }

    /// Where it stands; nothing before it was created.
    public private(set) var status: Status?
    /// Whose it is.
    public private(set) var customer = ""
    /// What was chosen.
    public private(set) var plan: Plan?
    /// What has not been paid, oldest first.
    public private(set) var openInvoices: [Invoice] = []
    /// What was paid last, less what was refunded of it.
    public private(set) var lastPaid: Invoice?
    /// How many invoices were issued.
    public private(set) var invoiceCount = 0
    /// What was received, less what was paid back.
    public private(set) var paidCents = 0
    /// Why it is suspended or cancelled.
    public private(set) var reason: String?

    /// The state before the first event.
    public init() {}

    /// Takes in an event.
    public mutating func evolve(_ event: SubscriptionEvent) {
        switch event {
        case .created(let customer, let plan):
            status = .created
            self.customer = customer
            self.plan = plan
        case .activated, .reactivated:
            status = .active
            reason = nil
        case .suspended(let reason):
            status = .suspended
            self.reason = reason
        case .cancelled(let reason):
            status = .cancelled
            self.reason = reason
        case .invoiceIssued(let number, _, let cents):
            invoiceCount += 1
            openInvoices.append(Invoice(number: number, amountCents: cents))
        case .invoiceVoided(let number, _, _):
            openInvoices.removeAll { $0.number == number }
        case .paymentFailed(let number, _):
            for index in openInvoices.indices where openInvoices[index].number == number {
                openInvoices[index].failedPaymentCount += 1
            }
        case .paymentReceived(let number, _, let cents):
            openInvoices.removeAll { $0.number == number }
            lastPaid = Invoice(number: number, amountCents: cents)
            paidCents += cents
        case .paymentRefunded(_, _, let cents):
            lastPaid?.amountCents -= cents
            paidCents -= cents
        }
    }
}
