import Billing
import Recount
import RecountTesting
import Testing

@Suite struct BillingHistoryTests {
    @Test func `every event is a row, keyed by stream and sequence`() throws {
        try given(BillingHistory())
            .when(Subscription.self, [created, activated, issued("1")], for: "7")
            .when(Subscription.self, [created], for: "8", at: "2026-02-01T00:00:00Z")
            .when(Subscription.self, [paid("1")], for: "7")
            .thenTable(
                "history",
                [
                    ["subscription-7", 0, "2026-01-01T00:00:00Z", "SubscriptionCreated", .null],
                    ["subscription-7", 1, "2026-01-01T00:00:01Z", "SubscriptionActivated", .null],
                    ["subscription-7", 2, "2026-01-01T00:00:02Z", "InvoiceIssued", 4_900],
                    ["subscription-7", 3, "2026-02-01T00:00:01Z", "PaymentReceived", 4_900],
                    ["subscription-8", 0, "2026-02-01T00:00:00Z", "SubscriptionCreated", .null],
                ]
            )
            .thenIsIdempotent()
    }

    @Test func `a suspension stored in its first form is a row like any other`() throws {
        try given(BillingHistory())
            .when(Subscription.self, stored: "SubscriptionSuspended", revision: 1, "{}")
            .thenRows("SELECT sequence, type FROM history", [[0, "SubscriptionSuspended"]])
            .thenIsIdempotent()
    }

    @Test func `events of other aggregates are none of its business`() throws {
        try given(BillingHistory())
            .when(stored: "OrderPlaced", #"{"amountCents":1}"#, in: StreamName("order-7"))
            .thenTable("history", [])
    }
}

@Suite struct RevenueTests {
    @Test func `what was received less what was paid back is summed by month and plan`() throws {
        let solo = SubscriptionEvent.paymentReceived(invoice: "1", plan: .solo, amountCents: 900)
        try given(Revenue())
            .when(Subscription.self, [paid("1")], at: "2026-01-31T23:59:59Z")
            .when(Subscription.self, [paid("2"), solo, paid("3")], for: "2")
            .when(Subscription.self, [refunded("3", cents: 900)])
            .thenTable(
                "revenue",
                [
                    ["2026-01", "team", 4_900], ["2026-02", "solo", 900],
                    ["2026-02", "team", 8_900],
                ]
            )
    }

    @Test func `an invoice is no revenue before it is paid`() throws {
        try given(Revenue())
            .when(Subscription.self, [created, activated, issued("1"), voided("1")])
            .thenTable("revenue", [])
    }
}

@Suite struct DunningTests {
    @Test func `an invoice is open until it is paid or voided`() throws {
        let failed = SubscriptionEvent.paymentFailed(invoice: "1", reason: "card expired")
        let columns = "SELECT invoice, amountCents, issued, failedPayments FROM openInvoices"
        try given(Dunning())
            .when(Subscription.self, [issued("1"), issued("2"), failed, failed])
            .thenRows(
                "\(columns) ORDER BY invoice",
                [
                    ["1", 4_900, "2026-01-01T00:00:00Z", 2],
                    ["2", 4_900, "2026-01-01T00:00:01Z", 0],
                ]
            )
            .when(Subscription.self, [paid("1")])
            .thenRows("SELECT invoice FROM openInvoices", [["2"]])
            .when(Subscription.self, [voided("2")])
            .thenTable("openInvoices", [])
    }
}
