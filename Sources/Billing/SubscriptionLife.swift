import Recount

/// One subscription in a ``BillingLoad``: what it is, and what it does next.
struct SubscriptionLife: Sendable {
    /// What happens at the next appointment.
    private enum Next: Hashable {
        case create
        case activate
        case bill
        case collect(attempt: Int)
        case refund
        case recover
    }

    let stream: StreamName
    let customer: String
    private let plan: Plan
    private var subscription = Subscription()
    private var next = Next.create

    init(number: Int, _ random: inout SeededGenerator) {
        let identifier = String(1000 + number)
        stream = Subscription.stream(identifier)
        customer = "C\(10_000 + Int(random.next() % 90_000))"
        switch random.next() % 100 {
        case 0..<48: plan = .solo
        case 48..<82: plan = .team
        case 82..<97: plan = .business
        default: plan = .enterprise
        }
    }

    /// What happens now, and how many microseconds later something happens again.
    mutating func step(
        _ random: inout SeededGenerator
    ) -> (events: [SubscriptionEvent], delay: Int64?) {
        switch next {
        case .create:
            next = .activate
            let delay = random.happens(perMille: 850) ? random.days(0...3) : random.days(7...14)
            return (decide(.create(customer: customer, plan: plan)), delay)
        case .activate:
            next = .bill
            return (decide(.activate), random.days(0...1))
        case .bill:
            return bill(&random)
        case .collect(let attempt):
            return collect(attempt, &random)
        case .refund:
            next = .bill
            let events = subscription.lastPaid.map { paid in
                decide(.refund(invoice: paid.number, amountCents: paid.amountCents))
            }
            return (events ?? [], random.days(15...20))
        case .recover:
            return recover(&random)
        }
    }

    private mutating func bill(
        _ random: inout SeededGenerator
    ) -> (events: [SubscriptionEvent], delay: Int64?) {
        if subscription.invoiceCount > 0, random.happens(perMille: 22) {
            return (decide(.cancel(reason: "customer left")), nil)
        }
        let number = "\(stream.identifier)-\(subscription.invoiceCount + 1)"
        var events = decide(.issueInvoice(number))
        if random.happens(perMille: 8) {
            // Issued by mistake, taken back and issued again.
            events += decide(.voidInvoice(number)) + decide(.issueInvoice("\(number)b"))
        }
        next = .collect(attempt: 1)
        return (events, random.days(0...5))
    }

    private mutating func collect(
        _ attempt: Int,
        _ random: inout SeededGenerator
    ) -> (events: [SubscriptionEvent], delay: Int64?) {
        guard let invoice = subscription.openInvoices.first else {
            next = .bill
            return ([], random.days(25...30))
        }
        let isPaid = random.happens(perMille: attempt == 1 ? 925 : 650)
        if isPaid {
            let isRefunded = random.happens(perMille: 14)
            next = isRefunded ? .refund : .bill
            let payment = decide(
                .receivePayment(invoice: invoice.number, amountCents: invoice.amountCents)
            )
            return (payment, isRefunded ? random.days(3...10) : random.days(26...29))
        }
        let reasons = ["insufficient funds", "card expired", "card declined", "bank unavailable"]
        let reason = reasons[Int(random.next() % UInt64(reasons.count))]
        var events = decide(.failPayment(invoice: invoice.number, reason: reason))
        guard attempt >= 3 else {
            next = .collect(attempt: attempt + 1)
            return (events, random.days(2...5))
        }
        events += decide(.suspend(reason: "payment failed \(attempt) times"))
        next = .recover
        return (events, random.days(1...30))
    }

    private mutating func recover(
        _ random: inout SeededGenerator
    ) -> (events: [SubscriptionEvent], delay: Int64?) {
        guard random.happens(perMille: 600) else {
            return (decide(.cancel(reason: "payment failed for good")), nil)
        }
        var events: [SubscriptionEvent] = []
        for invoice in subscription.openInvoices {
            events += decide(
                .receivePayment(invoice: invoice.number, amountCents: invoice.amountCents)
            )
        }
        next = .bill
        return (events + decide(.reactivate), random.days(10...25))
    }

    private mutating func decide(_ command: SubscriptionCommand) -> [SubscriptionEvent] {
        do {
            let events = try subscription.decide(command)
            for event in events { subscription.evolve(event) }
            return events
        } catch {
            preconditionFailure("A life asks only for what is allowed: \(command), \(error)")
        }
    }
}
