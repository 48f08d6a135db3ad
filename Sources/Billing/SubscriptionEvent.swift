public import Recount

/// What can happen to a subscription.
public enum SubscriptionEvent: DomainEvent, Hashable {
    /// A customer chose a plan.
    case created(customer: String, plan: Plan)
    /// The subscription came into force.
    case activated(plan: Plan)
    /// A month was billed.
    case invoiceIssued(invoice: String, plan: Plan, amountCents: Int)
    /// An invoice turned out to be wrong before it was paid.
    case invoiceVoided(invoice: String, plan: Plan, amountCents: Int)
    /// An invoice was paid in full.
    case paymentReceived(invoice: String, plan: Plan, amountCents: Int)
    /// An attempt to collect an invoice failed.
    case paymentFailed(invoice: String, reason: String)
    /// Money was paid back.
    case paymentRefunded(invoice: String, plan: Plan, amountCents: Int)
    /// The service stopped for a reason; revision 1 told none.
    case suspended(reason: String)
    /// The service goes on.
    case reactivated
    /// The subscription ended for good.
    case cancelled(reason: String)

    /// How the cases are stored.
    public static let forms: EventForms = [
        "created": "SubscriptionCreated",
        "activated": "SubscriptionActivated",
        "invoiceIssued": "InvoiceIssued",
        "invoiceVoided": "InvoiceVoided",
        "paymentReceived": "PaymentReceived",
        "paymentFailed": "PaymentFailed",
        "paymentRefunded": "PaymentRefunded",
        "suspended": EventForm("SubscriptionSuspended", revision: 2),
        "reactivated": "SubscriptionReactivated",
        "cancelled": "SubscriptionCancelled",
    ]
}
