import ConsoleFixture
@testable import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct HistoryTests {
    private func driver(_ sequence: Int) -> ConsoleDriver {
        ConsoleDriver(.history, argument: "subscription-17850@\(sequence)")
    }

    @Test func `without a sequence the last event is selected`() {
        let driver = ConsoleDriver(.history, argument: "subscription-17850")
        #expect(driver.state.history.sequence == BillingStore.lastSequence)
        #expect(driver.state.history.stateSequence == BillingStore.lastSequence)
    }

    @Test func `steps, leaps and ends stay inside the stream`() {
        var driver = driver(5)
        driver.press(.character("h"))
        #expect(driver.state.history.sequence == 4)
        driver.press(.character("H"))
        #expect(driver.state.history.sequence == 0)
        driver.press(.character("h"), .character("L"))
        #expect(driver.state.history.sequence == 10)
        driver.press(.character("G"))
        #expect(driver.state.history.sequence == BillingStore.lastSequence)
        driver.press(.character("l"), .character("L"))
        #expect(driver.state.history.sequence == BillingStore.lastSequence)
        driver.press(.character("g"))
        #expect(driver.state.history.sequence == 0)
        #expect(driver.state.history.comparison == .init(from: nil, to: 0))
        #expect(driver.state.history.stateSequence == 0)
    }

    @Test func `a field with parts folds, and the whole state does`() {
        var driver = driver(200)
        let all = driver.state.history.visibleLines
        guard let place = all.firstIndex(where: { $0.isContainer && !$0.path.isEmpty }) else {
            Issue.record("no field of the state has parts")
            return
        }
        driver.press(.tab)
        for _ in 0..<place { driver.press(.character("j")) }
        driver.press(.enter)
        let folded = driver.state.history.visibleLines
        #expect(folded.count < all.count)
        #expect(folded[place].isFolded)
        #expect(folded[place].path == all[place].path)
        driver.press(.enter)
        #expect(driver.state.history.visibleLines == all)
        driver.press(.character("z"))
        #expect(driver.state.history.visibleLines.contains { $0.isFolded })
        driver.press(.character("z"))
        #expect(driver.state.history.visibleLines == all)
    }

    @Test func `Enter opens a value in full, and Esc goes back to the events`() {
        var driver = driver(5)
        driver.press(.tab, .tab, .enter)
        #expect(driver.state.history.isValueOpen)
        driver.press(.escape)
        #expect(!driver.state.history.isValueOpen)
        #expect(driver.state.history.pane == .difference)
        driver.press(.escape)
        #expect(driver.state.history.pane == .events)
        #expect(driver.state.screen == .history)
    }

    @Test func `every event around the selected one is held wherever one goes`() {
        var driver = driver(0)
        for target in [600, 1209, 3, 451] {
            driver.type("@\(target)")
            driver.press(.enter)
            let history = driver.state.history
            #expect(history.sequence == UInt64(target))
            let first = history.firstSequence(fitting: 20)
            for sequence in first..<min(first + 20, BillingStore.lastSequence + 1) {
                #expect(history.event(at: sequence) != nil)
            }
        }
    }

    @Test func `braces go to the event of the same type, also far away`() {
        var driver = driver(0)
        driver.press(.character("l"))
        #expect(driver.state.history.selected?.type == EventType("InvoiceIssued"))
        driver.press(.character("}"))
        #expect(driver.state.history.sequence == 3)
        driver.press(.character("{"))
        #expect(driver.state.history.sequence == 1)
        driver.press(.character("{"))
        #expect(driver.state.history.sequence == 1)
        #expect(driver.state.notice?.kind == .refusal)
    }

    @Test func `parentheses go to snapshots`() {
        var driver = driver(500)
        driver.press(.character(")"))
        #expect(driver.state.history.sequence == 600)
        driver.press(.character("("), .character("("))
        #expect(driver.state.history.sequence == 200)
    }

    @Test func `goes to a time, an age and a number`() {
        var driver = driver(5)
        driver.type("@2026-11-19T00:00:00Z")
        driver.press(.enter)
        let day = driver.state.history.sequence
        #expect(day == 1204)
        driver.type("@-1d")
        driver.press(.enter)
        #expect(driver.state.history.sequence == 1205)
        driver.type("@#77")
        driver.press(.enter)
        #expect(driver.state.history.sequence == 77)
        driver.type("@yesterday")
        driver.press(.enter)
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("the prompt must stay open")
            return
        }
        #expect(prompt.complaint == "not a #number, time or age")
    }

    @Test func `a time before the stream began is refused`() {
        var driver = driver(5)
        driver.type("@1999-01-01T00:00:00Z")
        driver.press(.enter)
        #expect(driver.state.history.sequence == 5)
        #expect(driver.state.notice?.kind == .refusal)
    }

    @Test func `d compares with the event before, the mark, the head`() {
        var driver = driver(100)
        #expect(driver.state.history.comparison == .init(from: 99, to: 100))
        driver.press(.character("m"), .character("L"), .character("d"))
        #expect(driver.state.history.comparison == .init(from: 100, to: 110))
        driver.press(.character("d"))
        #expect(driver.state.history.comparison == .init(from: 110, to: 1209))
        driver.press(.character("d"), .character("m"), .character("m"), .character("d"))
        #expect(driver.state.history.base == .head)
    }

    @Test func `v shows only the fields that changed`() {
        var driver = driver(7)
        let all = driver.state.history.visibleLines.count
        driver.press(.character("v"))
        let changed = driver.state.history.visibleLines
        #expect(changed.count < all)
        #expect(changed.contains { $0.path == "plan.name" })
    }

    @Test func `b finds the event that last changed the field under the cursor`() {
        var driver = driver(103)
        driver.press(.character("b"))
        #expect(driver.state.history.sequence == 103)
        driver.press(.tab)
        while driver.state.history.visibleLines[driver.state.history.stateLine].path != "plan.name"
        {
            driver.press(.character("j"))
        }
        driver.press(.character("b"))
        #expect(driver.state.history.selected?.type == EventType("PlanChanged"))
        #expect(driver.state.history.sequence == 98)
        #expect(driver.state.history.blame == nil)
    }

    @Test func `a search for a change stops when someone moves`() {
        var driver = driver(103)
        driver.press(.tab)
        while driver.state.history.visibleLines[driver.state.history.stateLine].path != "plan.name"
        {
            driver.press(.character("j"))
        }
        driver.holdsAnswers = true
        driver.press(.character("b"))
        #expect(driver.state.history.blame?.path == "plan.name")
        driver.press(.character("l"))
        #expect(driver.state.history.blame == nil)
        while !driver.held.isEmpty { driver.answerHeld(0) }
        #expect(driver.state.history.sequence == 104)
    }

    @Test func `a stream that does not exist is no trap`() {
        var driver = ConsoleDriver(.history, argument: "nothing-1@9")
        driver.press(.character("l"), .character("G"), .character("b"), .character("}"), .tab)
        driver.type("@18446744073709551615")
        driver.press(.enter)
        #expect(driver.state.history.lastSequence == nil)
        driver.type(":goto subscription-17850@18446744073709551615")
        driver.press(.enter)
        #expect(driver.state.history.sequence == BillingStore.lastSequence)
        driver.type(":goto #18446744073709551615")
        driver.press(.enter)
        #expect(driver.state.streams.cursor.selected == driver.state.status?.head)
    }
}
