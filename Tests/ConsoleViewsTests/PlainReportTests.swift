import ConsoleFixture
import ConsoleViews
import EventModel
import OperationsModel
import Testing

@Suite struct PlainReportTests {
    private func lines(_ report: inout PlainReport, _ store: BillingStore) throws -> [String] {
        report.lines(
            status: try store.status(),
            problems: try store.problems(),
            processors: try store.processors()
        )
    }

    @Test func `all is told first, then only what changed`() throws {
        let store = BillingStore()
        var report = PlainReport()
        let first = try lines(&report, store)
        #expect(first.first?.contains("3 problems, 1 of 4 groups live") == true)
        #expect(first.contains("  critical: notifications: failing at #12,599,872 PaymentFailed"))
        #expect(first.contains { $0.hasPrefix("  group ledger: replay, ") })
        #expect(first.contains { $0.contains("notifications") && $0.contains("17 dead letters") })
        store.advance(seconds: 5)
        #expect(try lines(&report, store).isEmpty)
        store.finishReplay(of: "ledger")
        let later = try lines(&report, store)
        #expect(later.count == 2)
        #expect(later.last?.hasPrefix("  group ledger: replay, now live") == true)
    }

    @Test func `a store that does not answer is told once, and when it does again`() throws {
        let store = BillingStore()
        var report = PlainReport()
        _ = try lines(&report, store)
        let failure = OperationsError(.storage, "The disk is gone.")
        #expect(report.lines(failure: failure, at: BillingStore.start).count == 1)
        #expect(report.lines(failure: failure, at: BillingStore.start).isEmpty)
        #expect(try lines(&report, store).last == "  the store answers again")
    }
}
