import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct ActionTests {
    private func armed(_ screen: ScreenName, argument: String? = nil) -> ConsoleDriver {
        var driver = ConsoleDriver(screen, argument: argument)
        driver.type(":arm deploy of 4413")
        driver.press(.enter)
        return driver
    }

    @Test func `a read-only console shows why nothing can be changed`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("a"))
        guard case .menu(let menu) = driver.state.overlay else {
            Issue.record("no menu")
            return
        }
        #expect(menu.entries[0].refusal == "read-only: use :arm first")
        driver.press(.character("k"), .character("k"), .enter)
        #expect(driver.store.requests.isEmpty)
        #expect(driver.state.notice?.text == "read-only: use :arm first")
    }

    @Test func `arming asks for a reason and ends after 15 minutes`() {
        var driver = ConsoleDriver(.processors)
        driver.type(":arm")
        driver.press(.enter, .enter)
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("no prompt")
            return
        }
        #expect(prompt.purpose == .armReason)
        #expect(prompt.complaint != nil)
        driver.type("VAT bug")
        driver.press(.enter)
        #expect(driver.state.arming?.reason == "VAT bug")
        driver.wait(seconds: 899)
        #expect(driver.state.arming != nil)
        driver.wait(seconds: 1)
        #expect(driver.state.arming == nil)
    }

    @Test func `disarm ends it at once`() {
        var driver = armed(.processors)
        driver.type(":disarm")
        driver.press(.enter)
        #expect(driver.state.arming == nil)
    }

    @Test func `pausing asks yes or no, and no is the default`() {
        var driver = armed(.processors)
        driver.press(.character("a"), .enter)
        guard case .question(let question) = driver.state.overlay else {
            Issue.record("no question")
            return
        }
        #expect(question.text == "Pause invoices?")
        driver.press(.enter)
        #expect(driver.store.requests.isEmpty)
        driver.press(.character("a"), .enter, .character("y"))
        let expected = OperationRequest(.pause(group: "invoices"), reason: "deploy of 4413")
        #expect(driver.store.requests == [expected])
        driver.store.finishLastRequest(.completed("paused after #12,604,331"))
        driver.wait(seconds: 3)
        #expect(driver.state.notice?.text == "pause invoices: paused after #12,604,331")
        #expect(driver.takeEffects().contains(.bell))
    }

    @Test func `a question that outlives the arming changes nothing`() {
        var driver = armed(.processors)
        driver.press(.character("a"), .enter)
        driver.wait(seconds: 901)
        driver.press(.character("y"))
        #expect(driver.store.requests.isEmpty)
    }

    @Test func `a replay is planned, typed, asked for, watched and finished`() {
        var driver = armed(.processors)
        driver.press(.character("j"), .character("j"), .character("a"))
        driver.press(.character("j"), .character("j"), .enter)
        #expect(driver.state.screen == .replay)
        #expect(driver.state.replay.plan?.eventCount == 12_599_871)
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/notifications")
        driver.press(.tab, .enter)
        #expect(driver.store.requests.count == 1)
        #expect(driver.store.requests.first?.kind == .replay(.init(group: "notifications")))
        driver.wait(seconds: 20)
        #expect(driver.state.replay.rate == 8930)
        #expect(driver.state.replay.progress?.to == Position(12_599_871))
        #expect((driver.state.replay.secondsLeft ?? 0) > 60)
        driver.store.finishLastRequest(.completed("done"))
        driver.wait(seconds: 3)
        #expect(driver.state.replay.stage.isFinished)
    }

    @Test func `new rows are made beside those in use and watched, or given up`() {
        var driver = armed(.replay, argument: "invoices")
        driver.press(.character("a"), .character("j"), .character("j"), .enter)
        #expect(driver.state.replay.plan?.request.isShadow == true)
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/invoices")
        driver.press(.tab, .enter)
        let request = ReplayRequest(group: "invoices", isShadow: true)
        #expect(driver.store.requests.first?.kind == .replay(request))
        driver.wait(seconds: 20)
        #expect(driver.state.replay.rate == 8930)
        #expect(driver.state.replay.position.number > 100_000)
        #expect(driver.state.processor(named: "invoices")?.position != driver.state.replay.position)

        let id = driver.state.processor(named: "invoices")?.shadow?.operation
        confirmUndo(titled: "Give up the new rows of invoices", &driver)
        #expect(
            driver.store.requests.last?.kind == id.map { .undo(group: "invoices", operation: $0) }
        )
    }

    @Test func `the last replay is undone after its name has been typed`() {
        var driver = armed(.processors)
        confirmUndo(titled: "Undo the last replay of invoices", &driver)
        let kept = BillingStore.keptID
        let expected = OperationRequest.Kind.undo(group: "invoices", operation: kept)
        #expect(driver.store.requests.map(\.kind) == [expected])
    }

    @Test(arguments: [
        ("invoices", OperationRequest.Kind.split(group: "invoices")),
        ("ledger", .split(group: "ledger")), ("ledger", .merge(group: "ledger")),
    ])
    func `a segment is split, and merged where there are several`(
        group: String,
        expected: OperationRequest.Kind
    ) throws {
        var driver = armed(.processor, argument: group)
        driver.press(.character("a"))
        guard case .menu(let menu) = driver.state.overlay else {
            Issue.record("the menu must open")
            return
        }
        let words = group == "ledger" ? ["Split", "Merge"] : ["Split"]
        let titles = menu.entries.map(\.title)
        #expect(
            titles.compactMap { $0.split(separator: " ").first }.filter { word in
                ["Split", "Merge"].contains(word)
            } == words.map { Substring($0) }
        )
        let index = try #require(
            titles.firstIndex { title in
                title.hasPrefix(expected == .merge(group: group) ? "Merge" : "Split")
            }
        )
        for _ in 0..<index { driver.press(.character("j")) }
        driver.press(.enter, .character("y"))
        #expect(driver.store.requests.map(\.kind) == [expected])
    }

    /// Chooses an undoing from the menu of the first group and confirms it.
    private func confirmUndo(titled title: String, _ driver: inout ConsoleDriver) {
        if driver.state.screen != .processors { driver.press(.character("3")) }
        driver.press(.character("a"), .character("j"), .character("j"), .character("j"))
        guard case .menu(let menu) = driver.state.overlay else {
            Issue.record("the menu must open")
            return
        }
        #expect(menu.entries.map(\.title).contains(title))
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/invoices")
        driver.press(.tab, .enter)
    }

    @Test func `the wrong name confirms nothing`() {
        var driver = armed(.replay, argument: "notifications")
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/invoices")
        driver.press(.tab, .enter)
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            Issue.record("the dialog must stay")
            return
        }
        #expect(confirmation.complaint == "type billing/notifications exactly")
        #expect(driver.store.requests.isEmpty)
        driver.press(.escape)
        #expect(driver.state.overlay == nil)
    }

    @Test func `Enter alone cancels, even with the right name`() {
        var driver = armed(.replay, argument: "notifications")
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/notifications")
        driver.press(.enter)
        #expect(driver.state.overlay == nil)
        #expect(driver.store.requests.isEmpty)
    }

    @Test func `keys in the first 300 milliseconds of a dialog are dropped`() {
        var driver = armed(.replay, argument: "notifications")
        driver.press(.enter, .character("b"), .tab, .enter)
        driver.wait(seconds: 0.29)
        driver.type("b")
        guard case .typedConfirmation(let early) = driver.state.overlay else {
            Issue.record("the dialog must stay")
            return
        }
        #expect(early.editor.text.isEmpty && early.focus == .cancel)
        driver.wait(seconds: 0.02)
        driver.type("b")
        guard case .typedConfirmation(let later) = driver.state.overlay else {
            Issue.record("the dialog must stay")
            return
        }
        #expect(later.editor.text == "b")
    }

    @Test func `pasting the name is refused`() {
        var driver = armed(.replay, argument: "notifications")
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.send(.paste("billing/notifications"))
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            Issue.record("no confirmation")
            return
        }
        #expect(confirmation.editor.text.isEmpty)
        #expect(confirmation.complaint == "pasting is refused here: type it")
    }

    @Test func `start and rate of a replay are chosen before it is planned again`() {
        var driver = ConsoleDriver(.replay, argument: "notifications")
        driver.type("@#12000000")
        driver.press(.enter)
        #expect(driver.state.replay.request?.start == .after(Position(12_000_000)))
        #expect(driver.state.replay.plan?.eventCount == 599_871)
        driver.press(.character("a"), .character("j"), .enter)
        driver.type("10,000")
        driver.press(.enter)
        #expect(driver.state.replay.request?.rateLimit == 10_000)
        #expect(driver.state.replay.plan?.request.rateLimit == 10_000)
    }

    @Test func `a replay under way is watched, not planned`() {
        let driver = ConsoleDriver(.replay, argument: "ledger")
        #expect(driver.state.replay.stage != .planning)
        #expect(driver.state.replay.firstFailure?.contains("negative total") == true)
    }

    @Test func `a store that is read-only refuses although armed`() {
        var driver = armed(.processors)
        driver.store.becomeReadOnly(because: "damage at #1,204")
        driver.wait(seconds: 1)
        driver.press(.character("a"))
        guard case .menu(let menu) = driver.state.overlay else {
            Issue.record("no menu")
            return
        }
        #expect(menu.entries[0].refusal == "the store is read-only: damage at #1,204")
    }

    @Test func `a snapshot of a stream is asked for from its history`() {
        var driver = armed(.history, argument: "subscription-17850")
        driver.press(.character("a"), .enter, .character("y"))
        #expect(driver.store.requests.first?.kind == .snapshotStream(BillingStore.subscription))
    }

    @Test func `leaving asks while something asked for here is still going on`() {
        var driver = armed(.history, argument: "subscription-17850")
        driver.press(.character("a"), .enter, .character("y"), .escape, .character("q"))
        #expect(driver.state.overlay != nil)
        #expect(!driver.takeEffects().contains(.quit))
        driver.press(.character("y"))
        #expect(driver.takeEffects().contains(.quit))
    }

    @Test func `no bare key ever requests anything`() {
        for screen in ScreenName.allCases {
            for binding in KeyTable.bindings where binding.command != .actions {
                for key in binding.keys {
                    let group =
                        [.deadLetters, .retry, .effects].contains(screen)
                        ? "notifications" : "revenue"
                    var driver = armed(screen, argument: screen == .history ? nil : group)
                    driver.press(key)
                    #expect(driver.store.requests.isEmpty, "\(key) on \(screen)")
                }
            }
        }
    }
}
