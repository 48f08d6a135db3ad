import Billing
import Recount
import RecountTesting
import Testing

/// What a subscription answers to each command in each situation.
///
/// Where a rule names no answer, the status does not allow the command.
struct Rule: CustomTestStringConvertible {
    let command: SubscriptionCommand
    /// Where the command is carried out, and what follows.
    var events: [Situation: [SubscriptionEvent]] = [:]
    /// Where it is refused for another reason than the status.
    var rejections: [Situation: SubscriptionRejection] = [:]

    var testDescription: String { "\(command)" }

    static let all = [
        Rule(
            command: .create(customer: "C1", plan: .team),
            events: [.absent: [created]],
            rejections: Dictionary(
                uniqueKeysWithValues: Situation.allCases.filter { $0 != .absent }
                    .map { ($0, .alreadyCreated) }
            )
        ),
        Rule(command: .activate, events: [.pending: [activated]]),
        Rule(
            command: .suspend(reason: "card expired"),
            events: [.active: [.suspended(reason: "card expired")]]
        ),
        Rule(
            command: .reactivate,
            events: [.suspended: [.reactivated]],
            rejections: [.inDebt: .openInvoices(["2"])]
        ),
        Rule(
            command: .cancel(reason: "moved"),
            events: [
                .pending: [.cancelled(reason: "moved")],
                .active: [voided("2"), .cancelled(reason: "moved")],
                .suspended: [.cancelled(reason: "moved")],
                .inDebt: [voided("2"), .cancelled(reason: "moved")],
            ]
        ),
        Rule(command: .issueInvoice("3"), events: [.active: [issued("3")]]),
        Rule(command: .issueInvoice("2"), rejections: [.active: .invoiceExists("2")]),
        Rule(
            command: .voidInvoice("2"),
            events: [.active: [voided("2")], .inDebt: [voided("2")]],
            rejections: [.pending: .noOpenInvoice("2"), .suspended: .noOpenInvoice("2")]
        ),
        Rule(
            command: .receivePayment(invoice: "2", amountCents: 4_900),
            events: [.active: [paid("2")], .inDebt: [paid("2")]],
            rejections: [.pending: .noOpenInvoice("2"), .suspended: .noOpenInvoice("2")]
        ),
        Rule(
            command: .receivePayment(invoice: "2", amountCents: 4_899),
            rejections: [
                .pending: .noOpenInvoice("2"), .suspended: .noOpenInvoice("2"),
                .active: .wrongAmount(expectedCents: 4_900),
                .inDebt: .wrongAmount(expectedCents: 4_900),
            ]
        ),
        Rule(
            command: .failPayment(invoice: "2", reason: "card expired"),
            events: [
                .active: [.paymentFailed(invoice: "2", reason: "card expired")],
                .inDebt: [.paymentFailed(invoice: "2", reason: "card expired")],
            ],
            rejections: [.pending: .noOpenInvoice("2"), .suspended: .noOpenInvoice("2")]
        ),
        Rule(
            command: .refund(invoice: "1", amountCents: 4_900),
            events: [.active: [refunded("1", cents: 4_900)]],
            rejections: [
                .pending: .notRefundable(maximumCents: 0),
                .suspended: .notRefundable(maximumCents: 0),
                .inDebt: .notRefundable(maximumCents: 0),
            ]
        ),
    ]
}

@Suite struct SubscriptionTests {
    @Test(arguments: Rule.all, Situation.allCases)
    func `every command has its answer in every situation`(
        rule: Rule,
        situation: Situation
    ) throws {
        let answer = try given(Subscription.self, situation.history).when(rule.command)
        if let events = rule.events[situation] {
            try answer.then(events)
        } else {
            let rejection = rule.rejections[situation] ?? .notAllowed(in: situation.status)
            try answer.thenRejects(rejection).thenState { $0.status == situation.status }
        }
    }

    @Test func `a subscription is created, activated, billed and paid`() throws {
        try given(Subscription.self)
            .when(.create(customer: "C1", plan: .team)).then([created])
            .thenState { $0.status == .created && $0.customer == "C1" && $0.plan == .team }
            .when(.activate).then([activated])
            .thenState { $0.status == .active }
            .when(.issueInvoice("1")).then([issued("1")])
            .thenState { $0.openInvoices.map(\.number) == ["1"] && $0.invoiceCount == 1 }
            .when(.receivePayment(invoice: "1", amountCents: 4_900)).then([paid("1")])
            .thenState { $0.openInvoices == [] && $0.paidCents == 4_900 }
    }

    @Test func `a suspended subscription goes on when everything is paid`() throws {
        let failed = SubscriptionEvent.paymentFailed(invoice: "1", reason: "card expired")
        try given(Subscription.self, [created, activated, issued("1")])
            .when(.failPayment(invoice: "1", reason: "card expired")).then([failed])
            .thenState { $0.openInvoices.map(\.failedPaymentCount) == [1] }
            .when(.suspend(reason: "not paid")).then([.suspended(reason: "not paid")])
            .thenState { $0.status == .suspended && $0.reason == "not paid" }
            .when(.reactivate).thenRejects(.openInvoices(["1"]))
            .when(.receivePayment(invoice: "1", amountCents: 4_900)).then([paid("1")])
            .when(.reactivate).then([.reactivated])
            .thenState { $0.status == .active && $0.reason == nil }
    }

    @Test func `a refund never exceeds what was paid, and only the last payment is refunded`()
        throws
    {
        let paidOnce = try given(Subscription.self, [created, activated, issued("1"), paid("1")])
            .when(.refund(invoice: "1", amountCents: 4_000)).then([refunded("1", cents: 4_000)])
            .thenState { $0.paidCents == 900 }
        for cents in [0, -1, 901] {
            try paidOnce.when(.refund(invoice: "1", amountCents: cents))
                .thenRejects(.notRefundable(maximumCents: 900))
        }
        try paidOnce.when(.refund(invoice: "1", amountCents: 900))
            .then([refunded("1", cents: 900)])
            .thenState { $0.paidCents == 0 }
        try given(Subscription.self, [created, activated, issued("1"), paid("1"), issued("2")])
            .when(.receivePayment(invoice: "2", amountCents: 4_900)).then([paid("2")])
            .when(.refund(invoice: "1", amountCents: 1)).thenRejects(
                .notRefundable(maximumCents: 0)
            )
    }

    @Test func `a scenario that does not hold says what differs`() {
        let failure = #expect(throws: ScenarioFailure.self) {
            try given(Subscription.self, [created, activated])
                .when(.suspend(reason: "card expired"))
                .then([.suspended(reason: "customer asked")])
        }
        let difference = """
            events[0].SubscriptionSuspended.reason: expected "customer asked", actual "card expired"
            """
        #expect(failure?.differences == [difference])
    }

    @Test func `an invoice keeps its number after it was paid`() throws {
        try given(Subscription.self, [created, activated, issued("1"), paid("1")])
            .when(.issueInvoice("1")).thenRejects(.invoiceExists("1"))
    }

    @Test func `the end voids what is open, and is final`() throws {
        let ended = try given(Subscription.self, [created, activated, issued("1"), issued("2")])
            .when(.cancel(reason: "moved"))
            .then([voided("1"), voided("2"), .cancelled(reason: "moved")])
            .thenState { $0.status == .cancelled && $0.openInvoices == [] && $0.reason == "moved" }
        for rule in Rule.all {
            let isCreation = rule.command == .create(customer: "C1", plan: .team)
            try ended.when(rule.command)
                .thenRejects(isCreation ? .alreadyCreated : .notAllowed(in: .cancelled))
        }
    }

    @Test func `a suspension stored in its first form has an unknown reason`() throws {
        try given(Subscription.self, [created, activated])
            .given(stored: "SubscriptionSuspended", revision: 1, "{}")
            .thenState { $0.status == .suspended && $0.reason == "unknown" }
            .when(.reactivate).then([.reactivated])
    }

    @Test func `the fold that operators look at sees the first form as the aggregate does`() throws
    {
        let clock = TestClock()
        let store = InMemoryEventStore(now: clock.now)
        let event = PendingEvent(
            id: EventID(high: 0, low: 1),
            type: "SubscriptionSuspended",
            payload: Array("{}".utf8)
        )
        _ = try store.append(AppendRequest([event], to: Subscription.stream("1")))
        let reader = StateReader(store: store, folds: Folds([Fold(Subscription.self)]))
        let json = try #require(try reader.state(of: Subscription.stream("1")).json)
        #expect(try JSONValue(parsing: json)["reason"] == "unknown")
    }
}
