import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct LetterTests {
    private func letters(_ group: String? = "notifications", armed: Bool = false) -> ConsoleDriver {
        var driver = ConsoleDriver(.deadLetters, argument: group)
        guard armed else { return driver }
        driver.type(":arm template is there")
        driver.press(.enter)
        return driver
    }

    private func titles(_ driver: ConsoleDriver) -> [String] {
        guard case .menu(let menu) = driver.state.overlay else { return [] }
        return menu.entries.map(\.title)
    }

    /// Chooses an entry of the action menu by its title.
    private func choose(_ title: String, _ driver: inout ConsoleDriver) {
        driver.press(.character("a"))
        let place = titles(driver).firstIndex(of: title)
        #expect(place != nil, "\(titles(driver))")
        for _ in 0..<20 { driver.press(.character("k")) }
        for _ in 0..<(place ?? 0) { driver.press(.character("j")) }
        driver.press(.enter)
    }

    /// Types the name of the group in the confirmation and presses its button.
    private func confirm(_ driver: inout ConsoleDriver, _ name: String = "billing/notifications") {
        driver.wait(seconds: 1)
        driver.type(name)
        driver.press(.tab, .enter)
    }

    // MARK: - Looking

    @Test func `letters are grouped by group and cause, the most letters first`() {
        let state = letters(nil).state.deadLetters
        #expect(
            state.causes.map(\.group) == Array(repeating: "notifications", count: 3) + ["ledger"]
        )
        #expect(state.causes.map(\.letterCount) == [12, 3, 2, 1])
        #expect(state.causes.map(\.sequences.count) == [5, 2, 1, 1])
        #expect(state.causes[2].text == nil)
        let first = state.causes[0]
        #expect(first.firstTime == BillingStore.start.advanced(bySeconds: -252))
        #expect(first.nextAttempt == BillingStore.start.advanced(bySeconds: 41))
        #expect(first.attempts == 4)
        #expect(state.selected?.key == "subscription-17850" && state.selected?.heldCount == 4)
    }

    @Test func `e on a group shows its letters a step deeper, and 7 those of every group`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("j"), .character("e"))
        #expect(driver.state.path == [.pulse, .processors, .deadLetters])
        #expect(driver.state.deadLetters.causes.map(\.group) == ["ledger"])
        driver.press(.character("7"))
        #expect(driver.state.deadLetters.causes.count == 4)
        driver.press(.character("3"), .character("k"), .character("e"))
        #expect(driver.state.screen == .processors)
        #expect(driver.state.notice?.text == "this group has no dead letters")
        driver.type(":dead-letters notifications")
        driver.press(.enter)
        #expect(driver.state.deadLetters.group == "notifications")
        #expect(driver.state.deadLetters.causes.count == 3)
    }

    @Test func `Enter goes from a cause to its sequences and to the event, Esc all the way back`() {
        var driver = letters()
        driver.press(.enter)
        #expect(driver.state.deadLetters.pane == .sequences)
        driver.press(.character("j"), .character("j"), .enter)
        #expect(driver.state.screen == .streams && driver.state.streams.isDetailOpen)
        #expect(driver.state.streams.selected?.position == Position(12_599_941))
        driver.press(.escape, .escape)
        #expect(driver.state.screen == .deadLetters)
        #expect(driver.state.deadLetters.selected?.key == "subscription-11903")
        driver.press(.escape)
        #expect(driver.state.deadLetters.pane == .causes)
        driver.press(.escape)
        #expect(driver.state.screen == .pulse)
    }

    @Test func `t travels through the history of the stream, at the event that failed`() {
        var driver = letters()
        driver.press(.character("t"))
        #expect(driver.state.screen == .history)
        #expect(driver.state.history.stream == BillingStore.subscription)
        #expect(driver.state.history.sequence == 1104)
    }

    @Test func `the sequences follow the selected cause, and a filter narrows the causes`() {
        var driver = letters()
        driver.press(.enter, .character("j"), .tab, .character("j"))
        #expect(driver.state.deadLetters.selected?.key == "subscription-15230")
        driver.type("/locale")
        #expect(driver.state.deadLetters.causes.map(\.letterCount) == [12])
        #expect(driver.state.deadLetters.selected?.key == "subscription-17850")
        driver.press(.escape)
        #expect(driver.state.deadLetters.causes.count == 3)
    }

    @Test func `the payload of the selected letter is asked for where there is room`() {
        var driver = letters()
        #expect(driver.state.deadLetters.detail?.summary.position == Position(12_599_872))
        driver.press(.enter, .character("j"))
        #expect(driver.state.deadLetters.detail?.summary.position == Position(12_599_918))
        let narrow = ConsoleDriver(.deadLetters, width: 80, height: 24)
        #expect(narrow.state.deadLetters.detail == nil)
    }

    @Test func `the selected sequence stays selected while others go`() {
        var driver = letters()
        driver.press(.enter, .character("j"), .character("j"))
        driver.store.settleLetters(of: "notifications", ["subscription-17850"])
        driver.wait(seconds: 4)
        #expect(driver.state.deadLetters.selected?.key == "subscription-11903")
        #expect(driver.state.deadLetters.causes.map(\.letterCount) == [7, 3, 2])
        driver.store.settleLetters(of: "notifications", BillingStore.letterKeys)
        driver.wait(seconds: 4)
        #expect(driver.state.deadLetters.causes.isEmpty)
        #expect(driver.state.deadLetters.pane == .causes)
    }

    @Test func `answers about a group that is no longer shown are dropped`() {
        var driver = letters(nil)
        driver.holdsAnswers = true
        driver.wait(seconds: 3)
        let old = driver.held.firstIndex { $0.token.slot == .deadLetters }
        driver.type(":dead-letters ledger")
        driver.press(.enter)
        if let old { driver.answerHeld(old) }
        #expect(driver.state.deadLetters.all == nil)
        let new = driver.held.lastIndex { $0.token.slot == .deadLetters }
        if let new { driver.answerHeld(new) }
        #expect(driver.state.deadLetters.all?.map(\.group) == ["ledger"])
    }

    // MARK: - Acting

    @Test func `one sequence is retried after a question, and its outcome is told`() {
        var driver = letters(armed: true)
        choose("Retry subscription-17850 now, from #12599872 on", &driver)
        guard case .question(let question) = driver.state.overlay else {
            Issue.record("no question")
            return
        }
        #expect(question.text == "Retry the dead letters of subscription-17850?")
        driver.press(.character("y"))
        let letters = LetterChoice.sequence("subscription-17850")
        let retry = RetryRequest(group: "notifications", letters: letters)
        #expect(
            driver.store.requests == [OperationRequest(.retry(retry), reason: "template is there")]
        )
        driver.store.finishLastRequest(.completed("handled 5 dead letters"))
        driver.wait(seconds: 3)
        #expect(
            driver.state.notice?.text
                == "retry in notifications: handled 5 dead letters"
        )
    }

    @Test func `the letters of a cause are planned, confirmed, retried and watched`() throws {
        var driver = letters(armed: true)
        choose("Plan to retry all 5 sequences of this cause", &driver)
        #expect(driver.state.screen == .retry)
        #expect(driver.state.letterAct.chosen.count == 5)
        #expect(driver.state.letterAct.letterCount == 12)
        choose("Limit the rate", &driver)
        driver.type("50")
        driver.press(.enter)
        choose("Go on also after one fails again", &driver)
        driver.press(.enter)
        confirm(&driver)
        let cause = "no template for locale 'is-IS' in handler MailQueue"
        let retry = RetryRequest(
            group: "notifications",
            letters: .cause(cause),
            rateLimit: 50,
            stopsAtFailure: false
        )
        #expect(driver.store.requests.map(\.kind) == [.retry(retry)])
        #expect(driver.state.letterAct.stage.operation != nil)
        driver.store.settleLetters(of: "notifications", ["subscription-17850"])
        driver.store.failLetter(of: "notifications", "subscription-10412", "another cause")
        driver.wait(seconds: 3)
        #expect(driver.state.letterAct.doneCount == 5)
        #expect(driver.state.letterAct.remaining.count == 4)
        #expect(driver.state.letterAct.failedAgain?.cause == "another cause")
        driver.store.finishLastRequest(.failed("handled 5 dead letters"))
        driver.wait(seconds: 3)
        #expect(driver.state.letterAct.stage.isFinished)
        #expect(driver.state.letterAct.endTime != nil)
    }

    @Test func `a retry ends at the first failure unless told otherwise`() {
        var driver = letters(armed: true)
        choose("Plan to retry every dead letter of notifications", &driver)
        #expect(driver.state.letterAct.letterCount == 17)
        driver.press(.enter)
        confirm(&driver)
        let retry = RetryRequest(group: "notifications", letters: .all, stopsAtFailure: true)
        #expect(driver.store.requests.map(\.kind) == [.retry(retry)])
    }

    @Test func `a plan follows the letters until it is asked for`() {
        var driver = letters()
        choose("Plan to retry all 5 sequences of this cause", &driver)
        driver.store.settleLetters(of: "notifications", ["subscription-17850"])
        driver.wait(seconds: 4)
        #expect(driver.state.letterAct.letterCount == 7)
        driver.store.settleLetters(of: "notifications", BillingStore.letterKeys)
        driver.wait(seconds: 4)
        driver.press(.enter)
        #expect(driver.state.notice?.text == "no dead letter is meant any more")
    }

    @Test(arguments: [
        ("Plan to discard #12599872 alone", LetterChoice.position(Position(12_599_872)), 1),
        ("Plan to discard all 5 events of subscription-17850", .sequence("subscription-17850"), 5),
        (
            "Plan to discard the 5 events of this cause",
            .cause("no template for locale 'is-IS' in handler MailQueue"), 5
        ),
    ])
    func `giving letters up needs a reason of its own and the name of the group`(
        title: String,
        choice: LetterChoice,
        count: Int
    ) {
        var driver = letters(armed: true)
        choose(title, &driver)
        #expect(driver.state.letterAct.letterCount == count)
        driver.press(.enter, .enter)
        guard case .prompt(let prompt) = driver.state.overlay else {
            Issue.record("a reason must be asked for")
            return
        }
        #expect(prompt.purpose == .letterReason && prompt.complaint != nil)
        driver.type("sent by hand")
        driver.press(.enter)
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            Issue.record("no confirmation")
            return
        }
        #expect(confirmation.consequences.last == "Because: sent by hand")
        confirm(&driver)
        let discard = OperationRequest.Kind.discard(group: "notifications", choice)
        #expect(driver.store.requests == [OperationRequest(discard, reason: "sent by hand")])
    }

    @Test func `an event is skipped for good`() {
        var driver = letters(armed: true)
        choose("Plan to never handle #12599872", &driver)
        driver.press(.enter)
        driver.type("void")
        driver.press(.enter)
        confirm(&driver)
        let skip = OperationRequest.Kind.skip(group: "notifications", Position(12_599_872))
        #expect(driver.store.requests == [OperationRequest(skip, reason: "void")])
    }

    @Test func `while read-only everything can be planned and nothing asked for`() {
        var driver = letters()
        driver.press(.character("a"))
        guard case .menu(let menu) = driver.state.overlay else {
            Issue.record("no menu")
            return
        }
        let refused = menu.entries.filter { $0.refusal != nil }
        #expect(refused.map(\.title) == ["Retry subscription-17850 now, from #12599872 on"])
        #expect(menu.entries.filter(\.changesStore) == refused)
        driver.press(.enter, .enter)
        #expect(driver.state.screen == .retry && driver.state.overlay == nil)
        #expect(driver.state.notice?.text == "read-only: use :arm first")
        #expect(driver.store.requests.isEmpty)
    }

    @Test func `a group's menu leads to its letters and to the retry of all`() {
        var driver = ConsoleDriver(.processor, argument: "notifications")
        choose("Show the dead letters of notifications", &driver)
        #expect(driver.state.path == [.pulse, .processor, .deadLetters])
        driver.press(.escape)
        choose("Plan to retry every dead letter of notifications", &driver)
        #expect(driver.state.letterAct.letterCount == 17)
        driver.press(.escape)
        #expect(driver.state.screen == .processor)
    }

    @Test func `a retry that goes on can be watched again, and Pulse leads to its letters`() {
        var driver = ConsoleDriver()
        driver.press(.character("e"))
        #expect(driver.state.path == [.pulse, .deadLetters])
        #expect(driver.state.deadLetters.group == "notifications")
        driver.type(":arm template is there")
        driver.press(.enter)
        choose("Plan to retry every dead letter of notifications", &driver)
        driver.press(.enter)
        confirm(&driver)
        driver.press(.escape)
        #expect(driver.state.screen == .deadLetters)
        choose("Watch the retry of notifications", &driver)
        #expect(driver.state.screen == .retry && driver.state.letterAct.stage.operation != nil)
        driver.store.finishLastRequest(.completed("handled 17 dead letters"))
        driver.wait(seconds: 3)
        driver.press(.escape, .character("a"))
        #expect(!titles(driver).contains("Watch the retry of notifications"))
    }

    @Test func `counts are told as a least where there are more letters than are listed`() {
        var driver = letters("ledger", armed: true)
        #expect(!driver.state.deadLetters.isCut && driver.state.letterCount == 1)
        driver.store.floodLetters()
        driver.wait(seconds: 4)
        #expect(driver.state.deadLetters.isCut && driver.state.letterCount == 1201)
        choose("Plan to retry every dead letter of ledger", &driver)
        #expect(driver.state.isLetterCountOpen)
        driver.press(.enter)
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            Issue.record("no confirmation")
            return
        }
        let words = "At least 1000 events of 1000 sequences are handled again."
        #expect(confirmation.consequences.first == words)
    }

    @Test func `a retry that was not recorded is a plan again`() {
        var driver = letters(armed: true)
        choose("Plan to retry every dead letter of notifications", &driver)
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/notifications")
        driver.press(.tab)
        driver.store.fail(with: OperationsError(.storage, "The disk is full."))
        driver.press(.enter)
        #expect(driver.state.letterAct.stage == .planning)
        #expect(driver.state.notice?.text.hasSuffix("The disk is full.") == true)
    }
}
