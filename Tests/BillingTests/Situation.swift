import Billing

/// How a subscription can stand when somebody asks something of it.
enum Situation: CaseIterable {
    /// Nobody has chosen a plan.
    case absent
    /// A plan was chosen, and nothing else.
    case pending
    /// In force, one invoice paid and one open.
    case active
    /// Stopped for a while, with everything paid.
    case suspended
    /// Stopped for a while, with an invoice open.
    case inDebt
    /// Ended.
    case cancelled

    /// What has happened to it.
    var history: [SubscriptionEvent] {
        switch self {
        case .absent: []
        case .pending: [created]
        case .active: [created, activated, issued("1"), paid("1"), issued("2")]
        case .suspended: [created, activated, .suspended(reason: "holidays")]
        case .inDebt: [created, activated, issued("2"), .suspended(reason: "card expired")]
        case .cancelled: [created, activated, .cancelled(reason: "moved")]
        }
    }

    /// The status that follows.
    var status: Subscription.Status? {
        switch self {
        case .absent: nil
        case .pending: .created
        case .active: .active
        case .suspended, .inDebt: .suspended
        case .cancelled: .cancelled
        }
    }
}

let created = SubscriptionEvent.created(customer: "C1", plan: .team)
let activated = SubscriptionEvent.activated(plan: .team)

/// The invoice of a month.
func issued(_ invoice: String) -> SubscriptionEvent {
    .invoiceIssued(invoice: invoice, plan: .team, amountCents: 4_900)
}

/// An invoice taken back.
func voided(_ invoice: String) -> SubscriptionEvent {
    .invoiceVoided(invoice: invoice, plan: .team, amountCents: 4_900)
}

/// An invoice paid in full.
func paid(_ invoice: String) -> SubscriptionEvent {
    .paymentReceived(invoice: invoice, plan: .team, amountCents: 4_900)
}

/// A part of a payment paid back.
func refunded(_ invoice: String, cents: Int) -> SubscriptionEvent {
    .paymentRefunded(invoice: invoice, plan: .team, amountCents: cents)
}
