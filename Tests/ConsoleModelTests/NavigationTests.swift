import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

@Suite struct NavigationTests {
    @Test func `a digit opens a screen and Esc goes back to Pulse`() {
        var driver = ConsoleDriver()
        driver.press(.character("3"))
        #expect(driver.state.path == [.pulse, .processors])
        driver.press(.escape)
        #expect(driver.state.path == [.pulse])
    }

    @Test func `Enter goes deeper and the list keeps its place on the way back`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("j"), .character("j"), .enter)
        #expect(driver.state.screen == .processor)
        #expect(driver.state.processor.group == "notifications")
        driver.press(.escape)
        #expect(driver.state.processors.cursor.selected == "notifications")
    }

    @Test func `Enter on a problem jumps to where it is`() {
        var driver = ConsoleDriver()
        driver.press(.enter)
        #expect(driver.state.path == [.pulse, .processor])
        #expect(driver.state.processor.group == "notifications")
        driver.press(.escape, .character("j"), .character("j"), .enter)
        #expect(driver.state.history.stream == BillingStore.subscription)
    }

    @Test func `minus swaps with the screen shown before`() {
        var driver = ConsoleDriver()
        driver.press(.character("2"), .character("6"), .character("-"))
        #expect(driver.state.screen == .streams)
        driver.press(.character("-"))
        #expect(driver.state.screen == .operations)
    }

    @Test func `q goes back and leaves at the root`() {
        var driver = ConsoleDriver(.processors)
        driver.press(.character("q"))
        #expect(driver.state.screen == .pulse)
        #expect(driver.takeEffects().isEmpty)
        driver.press(.character("q"))
        #expect(driver.takeEffects() == [.quit])
        #expect(driver.state.tickIntervalMilliseconds == nil)
    }

    @Test func `Ctrl-C leaves only when pressed again`() {
        var driver = ConsoleDriver()
        driver.press(.control("c"))
        #expect(driver.state.notice?.text == "press Ctrl-C again to leave")
        driver.wait(seconds: 5)
        driver.press(.control("c"))
        #expect(!driver.takeEffects().contains(.quit))
        driver.press(.control("c"))
        #expect(driver.takeEffects().contains(.quit))
    }

    @Test(arguments: ScreenName.allCases)
    func `every screen can be shown by name and has its answers`(screen: ScreenName) {
        let argument: String? =
            switch screen {
            case .processor, .replay: "ledger"
            case .history: "subscription-17850@12"
            default: nil
            }
        let driver = ConsoleDriver(screen, argument: argument)
        #expect(driver.state.screen == screen)
        #expect(driver.state.isSettled)
        #expect(driver.state.dataAgeSeconds == 0)
        if screen == .history { #expect(driver.state.history.sequence == 12) }
    }

    @Test(arguments: [ScreenName.processor, .replay])
    func `without an argument the first group is shown`(screen: ScreenName) {
        let driver = ConsoleDriver(screen)
        #expect(driver.state.subject(of: screen) == "invoices")
        if screen == .replay { #expect(driver.state.replay.plan != nil) }
    }

    @Test func `nothing can be done blindly in a terminal that is too small`() {
        var driver = ConsoleDriver(.processors)
        driver.type(":arm deploy of 4413")
        driver.press(.enter, .character("a"), .enter)
        driver.send(.resize(width: 79, height: 24))
        driver.press(.character("y"))
        #expect(driver.store.requests.isEmpty)
        #expect(driver.state.overlay != nil)
        driver.press(.character("q"))
        #expect(driver.takeEffects() == [.quit])
    }

    @Test func `the palette finds by letters in order and does what it finds`() {
        var driver = ConsoleDriver()
        driver.type(":snp")
        guard case .palette(let palette) = driver.state.overlay else {
            Issue.record("no palette")
            return
        }
        #expect(palette.entries.first?.title == "snapshots")
        driver.press(.enter)
        #expect(driver.state.screen == .snapshots)
        #expect(driver.state.overlay == nil)
    }

    @Test func `the palette takes commands with arguments`() {
        var driver = ConsoleDriver()
        driver.type(":goto subscription-17850@17")
        driver.press(.enter)
        #expect(driver.state.screen == .history)
        #expect(driver.state.history.sequence == 17)
        driver.type(":goto #1234")
        driver.press(.enter)
        #expect(driver.state.screen == .streams)
        #expect(driver.state.streams.cursor.selected == Position(1234))
        driver.type(":goto ledger")
        driver.press(.enter)
        #expect(driver.state.processor.group == "ledger")
        driver.type(":theme mono")
        driver.press(.enter)
        #expect(driver.takeEffects() == [.useTheme("mono")])
        driver.type(":theme nothing")
        driver.press(.enter)
        #expect(driver.state.themeName == "mono")
        #expect(driver.state.notice?.kind == .refusal)
    }

    @Test func `a theme is looked at while it is selected, and put back by Esc`() {
        var driver = ConsoleDriver()
        driver.type(":theme m")
        #expect(driver.takeEffects().last == .useTheme("mono"))
        driver.press(.escape)
        #expect(driver.takeEffects() == [.useTheme("night-watch")])
        #expect(driver.state.themeName == "night-watch")
    }

    @Test func `the mouse belongs to the terminal until F2 takes it`() {
        var driver = ConsoleDriver(.aggregates)
        #expect(!driver.state.usesMouse)
        driver.press(Key(.function(2)))
        #expect(driver.takeEffects() == [.useMouse(true)])
        let before = driver.state.aggregates.cursor.index
        driver.send(.scroll(3))
        #expect(driver.state.aggregates.cursor.index == before + 3)
        driver.press(Key(.function(2)))
        #expect(driver.takeEffects() == [.useMouse(false)])
    }

    @Test func `the wheel does not move between the buttons of a confirmation`() {
        var driver = ConsoleDriver(.replay, argument: "notifications")
        driver.type(":arm VAT bug 4412")
        driver.press(.enter, .enter)
        driver.wait(seconds: 1)
        driver.send(.scroll(3))
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            Issue.record("no confirmation is open")
            return
        }
        #expect(confirmation.focus == .cancel)
    }

    @Test func `Enter on a failing group shows the event it fails at, and Esc leads back`() {
        var driver = ConsoleDriver(.processors, width: 80, height: 24)
        driver.press(.character("j"), .character("j"), .enter)
        #expect(driver.state.processor.group == "notifications")
        driver.press(.enter)
        #expect(driver.state.screen == .streams)
        #expect(driver.state.streams.isDetailOpen)
        #expect(driver.state.streams.detail?.summary.position == Position(12_599_872))
        driver.press(.escape, .escape)
        #expect(driver.state.screen == .processor)
    }

    @Test func `Enter on a group that does not fail says so`() {
        var driver = ConsoleDriver(.processor, argument: "invoices")
        driver.press(.enter)
        #expect(driver.state.screen == .processor)
        #expect(driver.state.notice?.kind == .refusal)
    }

    @Test func `Enter on an operation opens the group it was about`() {
        var driver = ConsoleDriver(.operations)
        let target = driver.state.operations.selected?.target
        driver.press(.enter)
        #expect(driver.state.screen == .processor)
        #expect(driver.state.processor.group == target)
    }

    @Test func `every key has one meaning on a screen, and the same everywhere`() {
        for screen in ScreenName.allCases {
            var keys: Set<Key> = []
            for binding in KeyTable.bindings where binding.applies(to: screen) {
                for key in binding.keys {
                    #expect(keys.insert(key).inserted, "\(key) twice on \(screen)")
                }
                #expect(!binding.explanation.isEmpty)
            }
        }
        var meanings: [Key: Set<Command>] = [:]
        for binding in KeyTable.bindings {
            for key in binding.keys { meanings[key, default: []].insert(binding.command) }
        }
        for (key, commands) in meanings { #expect(commands.count == 1, "\(key): \(commands)") }
    }

    @Test func `times go around UTC, local, age`() {
        var driver = ConsoleDriver()
        var seen: [TimeStyle] = []
        for _ in 0..<3 {
            driver.press(.character("u"))
            seen.append(driver.state.timeStyle)
        }
        #expect(seen == [.local, .relative, .utc])
    }

    @Test func `y copies a link to the place`() {
        var driver = ConsoleDriver(.history, argument: "subscription-17850@17")
        driver.press(.character("y"))
        #expect(
            driver.takeEffects() == [.copy("recount://billing/history/subscription-17850@17")]
        )
    }
}
