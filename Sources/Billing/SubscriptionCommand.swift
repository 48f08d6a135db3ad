/// What can be asked of a subscription.
public enum SubscriptionCommand: Hashable, Sendable {
    /// Choose a plan.
    case create(customer: String, plan: Plan)
    /// Come into force.
    case activate
    /// Bill a month under a number.
    case issueInvoice(String)
    /// Take back an invoice that is not paid.
    case voidInvoice(String)
    /// Note that an invoice was paid.
    case receivePayment(invoice: String, amountCents: Int)
    /// Note that an invoice could not be collected.
    case failPayment(invoice: String, reason: String)
    /// Pay back a part of the invoice that was paid last, or all of it.
    case refund(invoice: String, amountCents: Int)
    /// Stop the service.
    case suspend(reason: String)
    /// Let a suspended service go on.
    case reactivate
    /// End the subscription for good.
    case cancel(reason: String)
}

/// Why a subscription says no.
public enum SubscriptionRejection: Error, Hashable, Sendable {
    /// There is a subscription already.
    case alreadyCreated
    /// The status does not allow it.
    case notAllowed(in: Subscription.Status?)
    /// An invoice has this number already.
    case invoiceExists(String)
    /// No open invoice has this number.
    case noOpenInvoice(String)
    /// An invoice is paid in full or not at all.
    case wrongAmount(expectedCents: Int)
    /// Only the invoice that was paid last is refunded, and no more than was paid.
    case notRefundable(maximumCents: Int)
    /// Open invoices must be paid first.
    case openInvoices([String])
}
