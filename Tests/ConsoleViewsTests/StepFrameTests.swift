import ConsoleFixture
import ConsoleModel
import ConsoleViews
import EventModel
import OperationsModel
import Screen
import Testing

@Suite struct StepFrameTests {
    @Test(arguments: goldenSizes)
    func `a copy after some steps`(size: Size) throws {
        var driver = driver(.step, size, argument: "invoices@1733")
        driver.press(.character("l"), .character("l"))
        try check(driver, size, "step")
    }

    @Test(arguments: goldenSizes)
    func `a copy after steps back, with the rows of a table`(size: Size) throws {
        var driver = driver(.step, size, argument: "invoices@40")
        driver.press(.character("H"), .tab, .character("j"))
        try check(driver, size, "step-rows")
    }

    @Test(arguments: goldenSizes)
    func `the keys of a copy`(size: Size) throws {
        var driver = driver(.step, size, argument: "invoices@1733")
        driver.press(.character("?"))
        try check(driver, size, "step-help")
    }

    @Test(arguments: goldenSizes)
    func `a copy that is on a long way`(size: Size) throws {
        var driver = driver(.step, size, argument: "invoices")
        driver.holdsOrders = true
        driver.type("@head")
        driver.press(.enter)
        let token = try #require(driver.heldOrders.first?.token)
        for number in [100_000, 2_900_000] as [UInt64] {
            let reached = Position(number)
            let last = Position(12_619_211)
            driver.send(.scratchProgress(token, reached: reached, last: last))
            driver.wait(seconds: 4)
        }
        try check(driver, size, "step-working")
    }

    @Test(arguments: goldenSizes)
    func `a copy that stands before an event that fails, asked with wrong SQL`(
        size: Size
    ) throws {
        var driver = driver(.step, size, argument: "notifications")
        driver.type("@head")
        driver.press(.enter)
        driver.type("wtotals")
        driver.press(.enter)
        try check(driver, size, "step-error")
    }
}
