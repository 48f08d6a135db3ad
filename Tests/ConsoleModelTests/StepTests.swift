import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct StepTests {
    private func invoices(_ position: UInt64 = 0, width: Int = 120) -> ConsoleDriver {
        ConsoleDriver(.step, argument: "invoices@\(position)", width: width)
    }

    private func position(_ driver: ConsoleDriver) -> UInt64 { driver.state.step.position.number }

    @Test func `a copy begins before the first event, or where it is told to`() {
        #expect(ConsoleDriver(.step, argument: "invoices").state.step.step?.event == nil)
        let driver = invoices(1733)
        #expect(position(driver) == 1733)
        #expect(driver.state.step.step?.event?.position == Position(1733))
        var first = ConsoleDriver(.step)
        #expect(first.state.step.group == "invoices" && first.state.step.hasCopy)
        first.press(.character("y"))
        #expect(first.takeEffects().contains(.copy("recount://billing/step/invoices@0")))
    }

    @Test func `t on a group steps through its tables, and so does the palette`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("t"))
        #expect(driver.state.path == [.pulse, .processors, .step])
        #expect(driver.state.step.group == "invoices")
        driver.type(":step ledger@77")
        driver.press(.enter)
        #expect(driver.state.step.group == "ledger" && position(driver) == 77)
        #expect(driver.takeEffects().contains(.endScratch))
    }

    @Test(
        arguments: [
            (Key.character("l"), 101, 1), (Key(.right), 101, 1), (.character("h"), 99, -1),
            (Key(.left), 99, -1), (.character("L"), 115, 10), (.character("H"), 85, -10),
        ] as [(Key, UInt64, Int)]
    )
    func `a key steps over handled events`(key: Key, target: UInt64, count: Int) {
        var driver = invoices(100)
        driver.press(key)
        #expect(position(driver) == target)
        #expect(driver.state.step.step?.handledCount == UInt64(count.magnitude))
    }

    @Test func `a step tells the rows that were inserted, updated and, on the way back, deleted`() {
        var driver = invoices(3)
        driver.press(.character("l"))
        #expect(driver.state.step.step?.changes?.map(\.kind) == [.inserted])
        driver.press(.character("l"))
        let paid = driver.state.step.step?.changes?.first
        #expect(paid?.kind == .updated && paid?.columns.first?.before == .text("open"))
        #expect(paid?.columns.first?.after == .text("paid"))
        #expect(driver.state.step.changeLineCount == 3)
        driver.press(.character("h"), .character("h"))
        #expect(driver.state.step.step?.changes?.map(\.kind) == [.deleted])
    }

    @Test(
        arguments: [
            ("#1733", 1733), ("1733", 1733), ("+4", 106), ("-4", 94), ("start", 0),
            ("head", 12_604_331), ("2026-11-20T01:00:00Z", 12_100_000), ("-2h", 12_100_000),
        ] as [(String, UInt64)]
    )
    func `a line says where to go`(text: String, target: UInt64) {
        var driver = invoices(100)
        driver.type("@" + text)
        driver.press(.enter)
        #expect(position(driver) == target)
    }

    @Test(arguments: ["yesterday", "+0", "+x", "--", "#-1"])
    func `a line that says nothing stays with what is wrong`(text: String) {
        var driver = invoices(100)
        driver.type("@" + text)
        driver.press(.enter)
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("the prompt must stay")
            return
        }
        #expect(prompt.purpose == .stepTo && prompt.complaint != nil)
        #expect(position(driver) == 100)
    }

    @Test func `a position beyond the head is refused, and the copy stays`() {
        var driver = invoices(100)
        driver.type("@#99999999")
        driver.press(.enter)
        #expect(driver.state.step.error?.message == "there is no position 99999999")
        #expect(position(driver) == 100)
        driver.press(.character("l"))
        #expect(driver.state.step.error == nil && position(driver) == 101)
    }

    @Test func `events of the same type and stream, and conditions, are gone on to`() {
        var driver = invoices(100)
        let type = driver.state.step.step?.event?.type
        driver.press(.character("}"))
        #expect(position(driver) > 100 && driver.state.step.step?.event?.type == type)
        driver.press(.character(">"))
        #expect(driver.state.step.step?.end == .atHead)
        let before = position(driver)
        driver.press(.character("w"))
        driver.type("SELECT 1")
        driver.press(.enter)
        #expect(position(driver) == before + 50 - before % 50)
        driver.press(.character("w"))
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("no prompt")
            return
        }
        #expect(prompt.editor.text == "SELECT 1")
        driver.press(.control("u"), .character("x"), .enter)
        #expect(driver.state.step.error?.message.contains("syntax error") == true)
    }

    @Test func `the menu goes on to a stream and to a type`() {
        var driver = invoices(100)
        driver.press(.character("a"), .character("j"), .enter)
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("no prompt")
            return
        }
        #expect(prompt.editor.text == driver.state.step.step?.event?.stream.text)
        driver.press(.escape, .character("a"), .character("j"), .character("j"), .enter)
        driver.press(.control("u"))
        driver.type("SubscriptionStarted")
        driver.press(.enter)
        #expect(driver.state.step.step?.event?.type == EventType("SubscriptionStarted"))
    }

    // MARK: - Rows

    @Test func `rows are read as of where the copy stands, after every step`() {
        var driver = invoices(4, width: 80)
        #expect(driver.state.step.page == nil)
        driver.press(.tab)
        #expect(driver.state.step.source == .table("invoices"))
        #expect(driver.state.step.page?.rows.count == 2)
        driver.press(.character("L"))
        #expect(driver.state.step.pagePosition == driver.state.step.position)
        #expect(driver.state.step.page?.rows.count == 7)
        driver.press(.tab)
        #expect(driver.state.step.source == .table("invoice_lines"))
        driver.press(.tab)
        #expect(driver.state.step.pane == .changes)
        driver.press(Key(.tab, .shift))
        #expect(driver.state.step.pane == .rows)
        #expect(driver.state.step.source == .table("invoice_lines"))
        driver.press(.escape)
        #expect(driver.state.step.pane == .changes && driver.state.screen == .step)
    }

    @Test func `a query is asked again where the copy goes, and wrong SQL is told once`() {
        var driver = invoices(4)
        func ask(_ sql: String) {
            driver.press(.character("a"))
            for _ in 0..<4 { driver.press(.character("j")) }
            driver.press(.enter)
            driver.type(sql)
            driver.press(.enter)
        }
        ask("SELECT count(*)")
        #expect(driver.state.step.page?.rows == [[.integer(17)]])
        driver.press(.character("l"))
        #expect(driver.state.step.pagePosition == driver.state.step.position)
        ask("totals")
        #expect(driver.state.step.rowsError?.message.contains("syntax error") == true)
        #expect(driver.state.step.work == nil && driver.state.step.page == nil)
        driver.press(.tab)
        #expect(driver.state.step.pane == .changes)
    }

    // MARK: - Long work

    @Test func `steps asked for while the copy is at work are made together`() {
        var driver = invoices(0, width: 80)
        driver.holdsOrders = true
        driver.press(.character("l"), .character("l"), .character("l"), .character("h"))
        #expect(driver.heldOrders.map(\.order) == [.move(.next(1))])
        driver.doHeldOrder()
        #expect(driver.heldOrders.map(\.order) == [.move(.next(1))])
        driver.doHeldOrder()
        #expect(position(driver) == 2 && driver.heldOrders.isEmpty)
    }

    @Test func `a long way shows how far it is, takes no other keys, and Esc ends it`() throws {
        var driver = invoices(0, width: 80)
        driver.holdsOrders = true
        driver.type("@head")
        driver.press(.enter)
        let token = try #require(driver.heldOrders.first?.token)
        let last = Position(12_604_331)
        driver.send(.scratchProgress(token, reached: Position(100_000), last: last))
        driver.wait(seconds: 2)
        driver.send(.scratchProgress(token, reached: Position(500_000), last: last))
        #expect(driver.state.step.work?.reached == Position(500_000))
        #expect(driver.state.step.rate(at: driver.now) == 200_000)
        driver.press(.character("l"))
        #expect(driver.state.notice?.text == "at work; Esc gives it up")
        #expect(driver.heldOrders.count == 1)
        driver.press(.escape)
        #expect(driver.state.screen == .step)
        #expect(driver.takeEffects().contains(.interruptScratch(token)))
        #expect(driver.state.step.work?.isInterrupted == true)
        driver.doHeldOrder(giveUp: true)
        #expect(driver.state.step.step?.end == .interrupted && position(driver) == 100_000)
        driver.press(.escape)
        #expect(driver.state.screen == .pulse)
    }

    @Test func `a copy that is given up while it is made can be begun again`() {
        var driver = ConsoleDriver(.processors)
        driver.holdsOrders = true
        driver.type(":step invoices@5000000")
        driver.press(.enter)
        #expect(!driver.state.step.hasCopy && !driver.state.isSettled)
        driver.press(.escape, .escape)
        #expect(driver.state.screen == .processors, "a second Esc leaves")
        driver.press(.character("-"))
        driver.doHeldOrder(giveUp: true)
        #expect(driver.state.step.error?.code == .refused)
        driver.press(.character("l"))
        #expect(driver.state.notice?.text == "there is no copy; @ begins one")
        driver.type("@#12")
        driver.press(.enter)
        driver.doHeldOrder()
        #expect(position(driver) == 12)
    }

    @Test func `answers for an earlier copy are dropped`() throws {
        var driver = ConsoleDriver(.processors)
        driver.holdsOrders = true
        driver.type(":step invoices@12")
        driver.press(.enter)
        let first = try #require(driver.heldOrders.first)
        driver.type(":step ledger@20")
        driver.press(.enter)
        #expect(driver.takeEffects().contains(.interruptScratch(first.token)))
        driver.doHeldOrder()
        #expect(!driver.state.step.hasCopy && driver.state.step.group == "ledger")
        driver.doHeldOrder()
        #expect(position(driver) == 20)
    }

    @Test func `a copy is let go once no key leads back to it`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("t"), .character("l"), .enter)
        #expect(driver.state.screen == .streams)
        driver.press(.escape, .escape, .escape)
        #expect(driver.state.screen == .processors)
        #expect(!driver.takeEffects().contains(.endScratch))
        driver.press(.character("-"))
        #expect(driver.state.screen == .step && position(driver) == 1)
        driver.press(.character("6"), .character("2"))
        #expect(driver.takeEffects().contains(.endScratch))
        #expect(driver.state.step.group == nil)
    }

    @Test func `an event that fails is named, and the copy stands before it`() {
        let driver = ConsoleDriver(.step, argument: "notifications@12600000")
        #expect(driver.state.step.failure?.hasPrefix("position 12599872") == true)
        #expect(position(driver) == 12_599_871)
    }

    @Test func `a dead letter leads to a copy that stands before its event`() {
        var driver = ConsoleDriver(.deadLetters, argument: "notifications")
        driver.press(.character("a"))
        guard case .menu(let menu) = driver.state.overlay else {
            Issue.record("no menu")
            return
        }
        let title = "See the rows before #12599872, in a copy"
        let place = menu.entries.firstIndex { $0.title == title }
        for _ in menu.index..<(place ?? 0) { driver.press(.character("j")) }
        driver.press(.enter)
        #expect(driver.state.path == [.pulse, .deadLetters, .step])
        #expect(position(driver) == 12_599_871)
    }

    @Test func `changes are scrolled as far as there are any`() {
        var driver = invoices(0, width: 80)
        driver.type("@+40")
        driver.press(.enter)
        let count = driver.state.step.changeLineCount
        #expect(count == 20 + 20 * 3)
        driver.press(.character("G"))
        #expect(driver.state.step.changeTop > 0 && driver.state.step.changeTop < count)
        driver.press(.character("g"))
        #expect(driver.state.step.changeTop == 0)
    }
}
