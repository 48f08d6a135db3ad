import ConsoleFixture
import ConsoleModel
import Testing

@Suite struct NavigationTests {
    @Test func `a digit opens a screen, Esc goes back to Pulse`() {
        var driver = ConsoleDriver()
        driver.press(.character("3"))
        #expect(driver.state.screen == .processors)
        driver.press(.escape)
        #expect(driver.state.screen == .pulse)
    }
}
