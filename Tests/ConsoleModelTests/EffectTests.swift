import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct EffectTests {
    private static let failed = EventID(high: 0x0190_b6d2_7c1a_8e11, low: 1)
    private static let inDoubt = EventID(high: 0x0190_b6d2_7c1a_8e11, low: 2)

    private func effects(_ group: String? = "notifications", armed: Bool = false) -> ConsoleDriver {
        var driver = ConsoleDriver(.effects, argument: group)
        guard armed else { return driver }
        driver.type(":arm mail server is back")
        driver.press(.enter)
        return driver
    }

    private func entries(_ driver: inout ConsoleDriver) -> [ActionMenu.Entry] {
        driver.press(.character("a"))
        defer { driver.press(.escape) }
        guard case .menu(let menu) = driver.state.overlay else { return [] }
        return menu.entries
    }

    /// Chooses an entry of the menu, gives a reason, and returns what is to be confirmed.
    private func confirmation(
        _ entry: Int,
        because reason: String,
        _ driver: inout ConsoleDriver
    ) throws -> TypedConfirmation {
        driver.press(.character("a"))
        for _ in 0..<9 { driver.press(.character("k")) }
        for _ in 0..<entry { driver.press(.character("j")) }
        driver.press(.enter)
        driver.type(reason)
        driver.press(.enter)
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            throw NoConfirmation()
        }
        return confirmation
    }

    private struct NoConfirmation: Error {}

    /// Types the name of the group in the confirmation and presses its button.
    private func confirm(_ driver: inout ConsoleDriver) {
        driver.wait(seconds: 1)
        driver.type("billing/notifications")
        driver.press(.tab, .enter)
    }

    // MARK: - Looking

    @Test func `what needs an operator comes first, what is over last`() {
        let list = effects(nil).state.effectList
        #expect(
            list.rows.map(\.state) == [
                .failed, .inDoubt, .underWay, .waiting, .waiting, .performed, .givenUp, .performed,
                .performed,
            ]
        )
        #expect(list.selected?.id == EffectTests.failed && !list.isCut)
    }

    @Test func `x on a group shows its effects a step deeper, and 8 those of every group`() {
        var driver = ConsoleDriver(.processors)
        driver.type("/notif")
        driver.press(.enter, .character("x"))
        #expect(driver.state.path == [.pulse, .processors, .effects])
        #expect(driver.state.effectList.group == "notifications")
        #expect(driver.state.hints.contains { $0.command == .enter })
        driver.press(.escape)
        #expect(driver.state.screen == .processors)
        #expect(driver.state.hints.contains { $0.command == .effects })
        driver.press(.character("8"))
        #expect(driver.state.path == [.pulse, .effects] && driver.state.effectList.group == nil)
        #expect(driver.state.effectList.rows.count == 9)
        driver.type(":effects notifications")
        driver.press(.enter)
        #expect(driver.state.effectList.group == "notifications")
    }

    @Test func `a group that asks for no effects says so`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("x"))
        #expect(driver.state.screen == .processors)
        #expect(driver.state.notice?.text == "this group asks for no effects")
        #expect(!driver.state.hints.contains { $0.command == .effects })
        #expect(!entries(&driver).contains { $0.title.hasPrefix("Show the effects") })
        let shown = effects("revenue")
        #expect(shown.state.screen == .effects && shown.state.effectList.rows.isEmpty)
    }

    @Test func `Enter shows the event that asked, where it is known`() {
        var driver = effects()
        driver.press(.enter)
        #expect(driver.state.screen == .streams && driver.state.streams.isDetailOpen)
        #expect(driver.state.streams.selected?.position == Position(12_599_002))
        driver.press(.escape, .escape)
        #expect(driver.state.screen == .effects)
        #expect(driver.state.effectList.selected?.id == EffectTests.failed)
        driver.press(.character("G"), .enter)
        #expect(driver.state.screen == .effects)
        #expect(driver.state.notice?.text == "nobody knows its event any more")
    }

    @Test func `a filter narrows the list, and the selected effect stays selected`() {
        var driver = effects()
        driver.type("/in doubt")
        driver.press(.enter)
        #expect(driver.state.effectList.rows.map(\.id) == [EffectTests.inDoubt])
        driver.press(.escape)
        #expect(driver.state.effectList.rows.count == 9)
        #expect(driver.state.effectList.selected?.id == EffectTests.inDoubt)
        driver.store.setEffect(EffectTests.failed, nil)
        driver.wait(seconds: 4)
        #expect(driver.state.effectList.rows.first?.id == EffectTests.inDoubt)
        #expect(driver.state.effectList.selected?.id == EffectTests.inDoubt)
        driver.press(.character("c"))
        #expect(driver.takeEffects().contains(.copy(EffectTests.inDoubt.description)))
    }

    @Test func `answers about a group that is no longer shown are dropped`() {
        var driver = effects(nil)
        driver.holdsAnswers = true
        driver.wait(seconds: 3)
        let old = driver.held.firstIndex { $0.token.slot == .effects }
        driver.type(":effects notifications")
        driver.press(.enter)
        if let old { driver.answerHeld(old) }
        #expect(driver.state.effectList.all == nil)
        let new = driver.held.lastIndex { $0.token.slot == .effects }
        if let new { driver.answerHeld(new) }
        #expect(driver.state.effectList.all?.count == 9)
    }

    @Test func `more effects than are listed are told to be more`() {
        var driver = effects()
        driver.store.floodEffects()
        driver.wait(seconds: 4)
        #expect(driver.state.effectList.isCut)
    }

    // MARK: - Deciding

    @Test func `an effect in doubt is tried again with a reason and a warning of twice`() throws {
        var driver = effects(armed: true)
        driver.press(.character("j"))
        let confirmation = try confirmation(0, because: "the inbox is empty", &driver)
        #expect(confirmation.title == "Try text again")
        #expect(confirmation.consequences.contains { $0.contains("done twice now") })
        #expect(confirmation.consequences.last == "Because: the inbox is empty")
        #expect(driver.store.requests.isEmpty)
        confirm(&driver)
        let retry = OperationRequest.Kind.effect(
            group: "notifications",
            effect: EffectTests.inDoubt,
            .retry
        )
        #expect(driver.store.requests == [OperationRequest(retry, reason: "the inbox is empty")])
        driver.store.finishLastRequest(.completed("it is tried again"))
        driver.wait(seconds: 3)
        #expect(
            driver.state.notice?.text == "retry of an effect of notifications: it is tried again"
        )
    }

    @Test func `an effect that failed is given up for good`() throws {
        var driver = effects(armed: true)
        let confirmation = try confirmation(1, because: "mailbox is gone", &driver)
        #expect(confirmation.title == "Give up mail first")
        #expect(confirmation.consequences.contains("Nothing undoes it."))
        confirm(&driver)
        let giveUp = OperationRequest.Kind.effect(
            group: "notifications",
            effect: EffectTests.failed,
            .giveUp
        )
        #expect(driver.store.requests == [OperationRequest(giveUp, reason: "mailbox is gone")])
    }

    @Test func `a decision needs a reason`() {
        var driver = effects(armed: true)
        driver.press(.character("a"), .enter, .enter)
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("a reason must be asked for")
            return
        }
        #expect(prompt.purpose == .effectReason(EffectTests.failed, .retry))
        #expect(prompt.complaint != nil && prompt.label == "try again, because")
    }

    @Test func `what stands otherwise meanwhile is not decided on`() {
        var driver = effects(armed: true)
        driver.press(.character("a"), .enter)
        driver.store.setEffect(EffectTests.failed, .underWay)
        driver.wait(seconds: 4)
        driver.type("server is back")
        driver.press(.enter)
        #expect(driver.state.overlay == nil && driver.state.notice?.text == "it is under way")
        driver.wait(seconds: 4)
        driver.store.setEffect(EffectTests.inDoubt, .failed)
        driver.wait(seconds: 4)
        driver.press(.character("g"), .character("a"), .enter)
        driver.store.setEffect(EffectTests.inDoubt, nil)
        driver.wait(seconds: 4)
        driver.type("server is back")
        driver.press(.enter)
        #expect(driver.state.notice?.text == "the effect waits no longer")
        #expect(driver.store.requests.isEmpty)
    }

    @Test func `each state says what cannot be decided, and read-only refuses all`() {
        var driver = effects(armed: true)
        var refusals: [[String?]] = []
        for _ in 0..<7 {
            refusals.append(entries(&driver).map(\.refusal))
            driver.press(.character("j"))
        }
        let untried = "it was not tried yet: its turn comes by itself"
        #expect(
            refusals == [
                [nil, nil], [nil, nil], ["it is under way", nil], [nil, nil], [untried, nil],
                ["it was performed", "it was performed"], ["it was given up", "it was given up"],
            ]
        )
        var reader = effects()
        let refused = entries(&reader)
        #expect(refused.allSatisfy { $0.changesStore && $0.refusal == "read-only: use :arm first" })
    }

    @Test func `a group's menu leads to its effects`() {
        var driver = ConsoleDriver(.processor, argument: "notifications")
        let place = entries(&driver).firstIndex { $0.title == "Show the effects of notifications" }
        driver.press(.character("a"))
        for _ in 0..<9 { driver.press(.character("k")) }
        for _ in 0..<(place ?? 99) { driver.press(.character("j")) }
        driver.press(.enter)
        #expect(driver.state.path == [.pulse, .processor, .effects])
    }
}
