import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct ListTests {
    @Test func `the tail follows until someone moves up`() {
        var driver = ConsoleDriver(.streams)
        driver.wait(seconds: 2)
        #expect(driver.state.streams.cursor.selected == driver.state.status?.head)
        driver.press(.character("k"))
        let selected = driver.state.streams.cursor.selected
        #expect(!driver.state.streams.isFollowing)
        driver.wait(seconds: 2)
        #expect(driver.state.streams.cursor.selected == selected)
        driver.press(.character("f"))
        driver.wait(seconds: 1)
        #expect(driver.state.streams.cursor.selected == driver.state.status?.head)
    }

    @Test func `events that come faster than they are shown are counted, never silent`() {
        var driver = ConsoleDriver(.streams)
        driver.holdsAnswers = true
        driver.wait(seconds: 5)
        driver.holdsAnswers = false
        while !driver.held.isEmpty { driver.answerHeld(0) }
        driver.wait(seconds: 2)
        #expect(driver.state.streams.skippedCount > 2000)
        #expect(driver.state.streams.events.count <= 2000)
    }

    @Test func `scrolling to the first event held loads those before`() {
        var driver = ConsoleDriver(.streams)
        let first = driver.state.streams.events.first?.position
        driver.press(.character("g"))
        #expect(driver.state.streams.events.first?.position != first)
        #expect(driver.state.streams.cursor.selected == first)
    }

    @Test func `a filter narrows the tail in the engine while it is typed`() {
        var driver = ConsoleDriver(.streams)
        driver.type("/type:PlanChanged 11")
        let types = Set(driver.state.streams.events.map(\.type.text))
        #expect(types == ["PlanChanged"])
        #expect(driver.state.streams.events.allSatisfy { $0.stream.text.contains("11") })
        driver.press(.enter)
        #expect(driver.state.overlay == nil)
        driver.press(.escape)
        #expect(driver.state.streams.filter.isEmpty)
        #expect(driver.state.screen == .streams)
    }

    @Test func `Enter opens the payload where there is no room beside the list`() {
        var driver = ConsoleDriver(.streams, width: 80, height: 24)
        #expect(driver.state.streams.detail == nil)
        driver.press(.enter)
        #expect(driver.state.streams.detail?.summary.position == driver.state.status?.head)
        driver.press(.escape)
        #expect(!driver.state.streams.isDetailOpen)
        #expect(driver.state.screen == .streams)
    }

    @Test func `processors can be filtered, negated, and reduced to problems`() {
        var driver = ConsoleDriver(.processors)
        driver.type("/!invoices")
        #expect(driver.state.processors.rows.count == 3)
        driver.press(.escape)
        #expect(driver.state.processors.rows.count == 4)
        driver.press(.character("!"))
        #expect(driver.state.processors.rows.map(\.group) == ["ledger", "notifications"])
    }

    @Test func `streams are found and sorted by the store, a window at a time`() {
        var driver = ConsoleDriver(.aggregates)
        #expect(driver.state.aggregates.window.count == 300)
        driver.press(.character("G"))
        #expect(driver.state.aggregates.absoluteIndex == 20_411)
        #expect(driver.state.aggregates.selected?.stream == StreamName("subscription-30411"))
        driver.press(.character("g"))
        #expect(driver.state.aggregates.absoluteIndex == 0)
        driver.type("/1785")
        driver.press(.enter, .character("s"))
        #expect(driver.state.aggregates.order == .events)
        #expect(driver.state.aggregates.selected?.stream == BillingStore.subscription)
        driver.press(.enter)
        #expect(driver.state.history.stream == BillingStore.subscription)
    }

    @Test func `paging down a long list passes every stream once`() {
        var driver = ConsoleDriver(.aggregates, width: 80, height: 24)
        var seen = Set<StreamName>()
        for _ in 0..<1500 {
            if let stream = driver.state.aggregates.selected?.stream { seen.insert(stream) }
            driver.press(.character("j"))
        }
        #expect(seen.count == 1500)
        #expect(driver.state.aggregates.absoluteIndex == 1500)
    }

    @Test func `the snapshots listed are those of the stream that needs one most`() {
        var driver = ConsoleDriver(.snapshots)
        driver.press(.character("G"))
        #expect(driver.state.snapshots.stream == BillingStore.subscription)
        #expect(driver.state.snapshots.snapshots?.count == 4)
        driver.press(.character("k"))
        #expect(driver.state.snapshots.stream == nil)
    }
}
