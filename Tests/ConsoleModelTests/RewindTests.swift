import ConsoleFixture
import ConsoleModel
import EventModel
import OperationsModel
import Testing

/// Groups whose log holds another history than the one they have handled.
@Suite struct RewindTests {
    private let ancestor = Position(12_000_000)

    private func ahead(_ screen: ScreenName) -> ConsoleDriver {
        let store = BillingStore()
        store.divert("invoices", after: ancestor)
        return ConsoleDriver(screen, argument: "invoices", store: store)
    }

    /// Opens the menu and chooses the entry about a replay.
    private func planReplay(_ driver: inout ConsoleDriver) -> String {
        driver.press(.character("a"))
        guard case .menu(let menu) = driver.state.overlay,
            let place = menu.entries.firstIndex(where: { $0.action == .planReplay("invoices") })
        else { return "" }
        for _ in 0..<9 { driver.press(.character("k")) }
        for _ in 0..<place { driver.press(.character("j")) }
        driver.press(.enter)
        return menu.entries[place].title
    }

    @Test func `the menu of a group that is ahead plans to rewind it`() {
        var driver = ahead(.processor)
        #expect(planReplay(&driver) == "Plan to rewind invoices to #12000000")
        #expect(driver.state.screen == .replay)
        #expect(driver.state.replay.request == ReplayRequest(group: "invoices"))
        driver.type(":arm restored from the backup")
        driver.press(.enter, .enter)
        guard case .typedConfirmation(let confirmation) = driver.state.overlay else {
            Issue.record("no confirmation")
            return
        }
        #expect(confirmation.consequences.contains { $0.contains("Emptied") })
        driver.wait(seconds: 1)
        driver.type("billing/invoices")
        driver.press(.tab, .enter)
        #expect(driver.store.requests.map(\.kind) == [.replay(ReplayRequest(group: "invoices"))])
    }
}
