import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct FetchingTests {
    @Test func `the latest question wins and older answers are dropped`() {
        var driver = ConsoleDriver(.history, argument: "subscription-17850@100")
        driver.holdsAnswers = true
        driver.press(.character("l"), .character("l"))
        let states = driver.held.indices.filter { driver.held[$0].token.slot == .aggregateState }
        #expect(states.count == 2)
        driver.answerHeld(states[0])
        #expect(driver.state.history.stateSequence == 100)
        let last = driver.held.firstIndex {
            $0.query == .state(BillingStore.subscription, .sequence(Sequence(102)))
        }
        if let last { driver.answerHeld(last) }
        #expect(driver.state.history.stateSequence == 102)
    }

    @Test func `the same question is not asked twice while it waits`() {
        var driver = ConsoleDriver()
        driver.holdsAnswers = true
        driver.wait(seconds: 30)
        let status = driver.held.count { $0.token.slot == .status }
        #expect(status == 1)
        #expect(driver.state.isStale)
    }

    @Test func `numbers are asked for again every second`() {
        var driver = ConsoleDriver()
        let before = driver.state.status?.head
        driver.wait(seconds: 2)
        #expect(driver.state.status?.head == before.map { Position($0.number + 2480) })
        #expect(driver.state.trends.appendRate == 1240)
    }

    @Test func `new events are asked for as soon as the store says there are some`() {
        var driver = ConsoleDriver(.streams)
        driver.wait(seconds: 3)
        driver.wait(seconds: 0.3)
        let before = driver.state.streams.events.last?.position
        driver.send(.changed)
        #expect(driver.state.streams.events.last?.position != before)
    }

    @Test func `a store without new events is asked less often`() {
        func askedInTenSeconds(_ driver: inout ConsoleDriver) -> Int {
            var count = 0
            var last = driver.state.answerTimes[.status]
            for _ in 0..<10 {
                driver.wait(seconds: 1)
                let time = driver.state.answerTimes[.status]
                if time != last { count += 1 }
                last = time
            }
            return count
        }
        var driver = ConsoleDriver()
        #expect(askedInTenSeconds(&driver) == 10)
        driver.wait(seconds: 6)
        #expect(askedInTenSeconds(&driver) == 5)
        #expect(!driver.state.isStale)
    }

    @Test func `a frozen display asks nothing and shows its age`() {
        var driver = ConsoleDriver()
        let before = driver.state.status
        driver.press(.character("p"))
        driver.wait(seconds: 10)
        #expect(driver.state.status == before)
        #expect(driver.state.dataAgeSeconds == 10)
        #expect(driver.state.isFrozen && driver.state.isStale)
        driver.press(.character("p"))
        #expect(driver.state.dataAgeSeconds == 0)
        #expect(driver.state.status != before)
    }

    @Test func `what a store does not answer is told, and the old numbers stay`() {
        var driver = ConsoleDriver()
        let before = driver.state.status
        driver.store.fail(with: OperationsError(.storage, "The disk is gone."))
        driver.wait(seconds: 5)
        #expect(driver.state.errors[.status]?.message == "The disk is gone.")
        #expect(driver.state.status == before)
        #expect(driver.state.dataAgeSeconds == 5)
        driver.store.fail(with: nil)
        driver.wait(seconds: 1)
        #expect(driver.state.errors.isEmpty || driver.state.errors[.status] == nil)
        #expect(driver.state.dataAgeSeconds == 0)
    }

    @Test func `ticks come as often as something can change`() {
        var driver = ConsoleDriver(.streams)
        driver.wait(seconds: 3)
        #expect(driver.state.tickIntervalMilliseconds == 1000)
        driver.send(.changed)
        #expect(driver.state.tickIntervalMilliseconds == 250)
        driver.send(.focus(false))
        #expect(driver.state.tickIntervalMilliseconds == 1000)
        driver.send(.resize(width: 0, height: 0))
        #expect(driver.state.tickIntervalMilliseconds == nil)
    }

    @Test func `the row under the cursor stays on its line when rows come and go`() {
        var driver = ConsoleDriver(.streams, width: 80, height: 24)
        for _ in 0..<30 { driver.press(.character("k")) }
        let cursor = driver.state.streams.cursor
        #expect(!driver.state.streams.isFollowing)
        driver.press(.character("g"))
        driver.press(.character("j"), .character("j"))
        let selected = driver.state.streams.cursor.selected
        driver.wait(seconds: 3)
        #expect(driver.state.streams.cursor.selected == selected)
        #expect(cursor.selected != nil)
    }

    @Test func `the order of groups holds while an operator moves`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("s"), .character("s"))
        #expect(driver.state.processors.order == .lag)
        let order = driver.state.processors.rows.map(\.group)
        #expect(order == ["ledger", "revenue", "notifications", "invoices"])
        driver.press(.character("k"))
        driver.store.finishReplay(of: "ledger")
        driver.wait(seconds: 2)
        #expect(driver.state.processors.rows.map(\.group) == order)
        driver.wait(seconds: 3)
        #expect(driver.state.processors.rows.map(\.group).first == "revenue")
        #expect(driver.state.processors.cursor.selected == "notifications")
    }

    @Test func `what commands took is asked for with the aggregates and takes room below them`() {
        var driver = ConsoleDriver(height: 24)
        #expect(driver.state.answerTimes[.commands] == nil)
        driver.show(.aggregates)
        #expect(driver.state.answerTimes[.commands] != nil)
        let commands = driver.state.aggregates.shownCommands.commands
        #expect(
            commands.allSatisfy { $0.category == driver.state.aggregates.selected?.stream.category }
        )
        #expect(commands.first?.command == "changePlan" && commands.count == 5)
        // Eleven rows are left of seventeen, and a page keeps one of them.
        driver.press(Key(.pageDown))
        #expect(driver.state.aggregates.absoluteIndex == 10)
        // Where no stream says which ones are wanted, there are all.
        driver.type("/nowhere")
        let all = driver.state.aggregates.shownCommands
        #expect(driver.state.aggregates.selected == nil)
        #expect(all.category == nil && all.commands.count == 6)
    }
}
