extension Subscription {
    /// The events that follow from a command, or why it is refused.
    public func decide(
        _ command: SubscriptionCommand
    ) throws(SubscriptionRejection) -> [SubscriptionEvent] {
        if case .create(let customer, let plan) = command {
            guard status == nil else { throw .alreadyCreated }
            return [.created(customer: customer, plan: plan)]
        }
        guard let status, let plan, status != .cancelled else {
            throw .notAllowed(in: status)
        }
        switch command {
        case .create:
            throw .alreadyCreated
        case .activate:
            guard status == .created else { throw .notAllowed(in: status) }
            return [.activated(plan: plan)]
        case .suspend(let reason):
            guard status == .active else { throw .notAllowed(in: status) }
            return [.suspended(reason: reason)]
        case .reactivate:
            guard status == .suspended else { throw .notAllowed(in: status) }
            guard openInvoices.isEmpty else { throw .openInvoices(openInvoices.map(\.number)) }
            return [.reactivated]
        case .cancel(let reason):
            let voided = openInvoices.map { SubscriptionEvent.voided($0, plan) }
            return voided + [.cancelled(reason: reason)]
        case .issueInvoice, .voidInvoice, .receivePayment, .failPayment, .refund:
            return try decideMoney(command, status: status, plan: plan)
        }
    }

    /// Decides about commands that are about invoices.
    private func decideMoney(
        _ command: SubscriptionCommand,
        status: Status,
        plan: Plan
    ) throws(SubscriptionRejection) -> [SubscriptionEvent] {
        switch command {
        case .issueInvoice(let number):
            guard status == .active else { throw .notAllowed(in: status) }
            guard number != lastPaid?.number, !openInvoices.contains(where: { $0.number == number })
            else { throw .invoiceExists(number) }
            let cents = plan.monthlyCents
            return [.invoiceIssued(invoice: number, plan: plan, amountCents: cents)]
        case .voidInvoice(let number):
            return [.voided(try openInvoice(number), plan)]
        case .receivePayment(let number, let cents):
            let invoice = try openInvoice(number)
            guard cents == invoice.amountCents else {
                throw .wrongAmount(expectedCents: invoice.amountCents)
            }
            return [.paymentReceived(invoice: number, plan: plan, amountCents: cents)]
        case .failPayment(let number, let reason):
            _ = try openInvoice(number)
            return [.paymentFailed(invoice: number, reason: reason)]
        case .refund(let number, let cents):
            let maximum = lastPaid?.number == number ? lastPaid?.amountCents ?? 0 : 0
            guard (1...max(1, maximum)).contains(cents), cents <= maximum else {
                throw .notRefundable(maximumCents: maximum)
            }
            return [.paymentRefunded(invoice: number, plan: plan, amountCents: cents)]
        case .create, .activate, .suspend, .reactivate, .cancel:
            throw .notAllowed(in: status)
        }
    }

    private func openInvoice(_ number: String) throws(SubscriptionRejection) -> Invoice {
        guard let invoice = openInvoices.first(where: { $0.number == number }) else {
            throw .noOpenInvoice(number)
        }
        return invoice
    }
}

extension SubscriptionEvent {
    fileprivate static func voided(
        _ invoice: Subscription.Invoice,
        _ plan: Plan
    ) -> SubscriptionEvent {
        .invoiceVoided(invoice: invoice.number, plan: plan, amountCents: invoice.amountCents)
    }
}
