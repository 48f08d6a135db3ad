import Aggregates
import Billing
import EventModel
import EventSchema
import EventStorage
import RecountTesting
import Testing

/// A subscription after some events.
private func subscription(_ events: SubscriptionEvent...) -> Subscription {
    var subscription = Subscription()
    for event in events { subscription.evolve(event) }
    return subscription
}

private let created = SubscriptionEvent.created(customer: "C1", plan: .team)
private let activated = SubscriptionEvent.activated(plan: .team)
private let invoiced = SubscriptionEvent.invoiceIssued(
    invoice: "1-1",
    plan: .team,
    amountCents: 4_900
)
private let paid = SubscriptionEvent.paymentReceived(
    invoice: "1-1",
    plan: .team,
    amountCents: 4_900
)

@Test func `a subscription is created, activated, billed and paid`() throws {
    var subscription = Subscription()
    let commands: [(SubscriptionCommand, [SubscriptionEvent])] = [
        (.create(customer: "C1", plan: .team), [created]),
        (.activate, [activated]),
        (.issueInvoice("1-1"), [invoiced]),
        (.receivePayment(invoice: "1-1", amountCents: 4_900), [paid]),
    ]
    for (command, expected) in commands {
        let events = try subscription.decide(command)
        #expect(events == expected)
        for event in events { subscription.evolve(event) }
    }
    #expect(subscription.status == .active)
    #expect(subscription.paidCents == 4_900)
    #expect(subscription.openInvoices == [])
}

@Test(arguments: [
    (SubscriptionCommand.activate, SubscriptionRejection.notAllowed(in: nil)),
    (.issueInvoice("1-1"), .notAllowed(in: nil)),
])
func `nothing happens before the creation`(
    command: SubscriptionCommand,
    rejection: SubscriptionRejection
) {
    #expect(throws: rejection) { try Subscription().decide(command) }
}

@Test(arguments: [
    (SubscriptionCommand.create(customer: "C2", plan: .solo), SubscriptionRejection.alreadyCreated),
    (.activate, .notAllowed(in: .active)),
    (.reactivate, .notAllowed(in: .active)),
    (.issueInvoice("1-1"), .invoiceExists("1-1")),
    (.receivePayment(invoice: "1-1", amountCents: 5), .wrongAmount(expectedCents: 4_900)),
    (.receivePayment(invoice: "9", amountCents: 5), .noOpenInvoice("9")),
    (.failPayment(invoice: "9", reason: ""), .noOpenInvoice("9")),
    (.voidInvoice("9"), .noOpenInvoice("9")),
    (.refund(invoice: "1-1", amountCents: 1), .notRefundable(maximumCents: 0)),
])
func `an active subscription with an open invoice refuses`(
    command: SubscriptionCommand,
    rejection: SubscriptionRejection
) {
    let subscription = subscription(created, activated, invoiced)
    #expect(throws: rejection) { try subscription.decide(command) }
}

@Test func `a refund never exceeds what was paid`() throws {
    var subscription = subscription(created, activated, invoiced, paid)
    let refund = SubscriptionCommand.refund(invoice: "1-1", amountCents: 4_000)
    for event in try subscription.decide(refund) { subscription.evolve(event) }
    #expect(subscription.paidCents == 900)
    for cents in [0, -1, 901] {
        #expect(throws: SubscriptionRejection.notRefundable(maximumCents: 900)) {
            try subscription.decide(.refund(invoice: "1-1", amountCents: cents))
        }
    }
}

@Test func `a suspended subscription goes on only when everything is paid`() throws {
    var subscription = subscription(
        created,
        activated,
        invoiced,
        .paymentFailed(invoice: "1-1", reason: "card expired"),
        .suspended(reason: "payment failed")
    )
    #expect(subscription.openInvoices.first?.failedPaymentCount == 1)
    #expect(throws: SubscriptionRejection.notAllowed(in: .suspended)) {
        try subscription.decide(.issueInvoice("1-2"))
    }
    #expect(throws: SubscriptionRejection.openInvoices(["1-1"])) {
        try subscription.decide(.reactivate)
    }
    subscription.evolve(paid)
    #expect(try subscription.decide(.reactivate) == [.reactivated])
}

@Test func `the end voids what is open, and is final`() throws {
    var subscription = subscription(created, activated, invoiced)
    let events = try subscription.decide(.cancel(reason: "moved"))
    #expect(
        events == [
            .invoiceVoided(invoice: "1-1", plan: .team, amountCents: 4_900),
            .cancelled(reason: "moved"),
        ]
    )
    for event in events { subscription.evolve(event) }
    for command in [SubscriptionCommand.activate, .reactivate, .cancel(reason: "again")] {
        #expect(throws: SubscriptionRejection.notAllowed(in: .cancelled)) {
            try subscription.decide(command)
        }
    }
}

@Test func `a suspension stored in its first form has an unknown reason`() throws {
    let store = InMemoryEventStore(now: TestClock().now)
    let stream = Subscription.stream("1")
    let contents = try [created, activated].map { try Subscription.codec.encode($0) }
    var entries = contents.enumerated().map { index, content in
        PendingEvent(
            id: EventID(high: 1, low: UInt64(index)),
            type: content.form.type,
            payload: content.payload
        )
    }
    entries.append(
        PendingEvent(
            id: EventID(high: 1, low: 9),
            type: EventType("SubscriptionSuspended"),
            payload: Array("{}".utf8)
        )
    )
    _ = try store.append(AppendRequest(entries, to: stream))
    let clock = TestClock()
    let repository = AggregateRepository<Subscription>(
        store: store,
        snapshots: InMemorySnapshotStore(),
        now: clock.now
    )
    #expect(try repository.load("1").root.reason == "unknown")
    let reader = StateReader(store: store, folds: Folds([Fold(Subscription.self)]))
    let json = try reader.state(of: stream).json
    #expect(
        json.map { String(decoding: $0, as: UTF8.self) }?.contains(#""reason":"unknown""#) == true
    )
}
