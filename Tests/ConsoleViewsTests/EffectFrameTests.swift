import ConsoleFixture
import ConsoleModel
import ConsoleViews
import EventModel
import OperationsModel
import Screen
import Testing

@Suite struct EffectFrameTests {
    @Test(arguments: goldenSizes)
    func `effects of every group`(size: Size) throws {
        try check(driver(.effects, size), size, "effects")
    }

    @Test(arguments: goldenSizes)
    func `effects of a group, at one in doubt`(size: Size) throws {
        var driver = driver(.effects, size, argument: "notifications")
        driver.press(.character("j"))
        try check(driver, size, "effects-group")
    }

    @Test(arguments: goldenSizes)
    func `a group that asks for no effects`(size: Size) throws {
        try check(driver(.effects, size, argument: "revenue"), size, "effects-none")
    }

    @Test(arguments: goldenSizes)
    func `an effect in doubt is tried again, confirmed by typing after a reason`(
        size: Size
    ) throws {
        var driver = driver(.effects, size, argument: "notifications")
        driver.type(":arm mail server is back")
        driver.press(.enter, .character("j"), .character("a"), .enter)
        driver.type("no text was received")
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/notif")
        try check(driver, size, "effects-confirm")
    }

    @Test(arguments: goldenSizes)
    func `a group ahead of history, and the plan that puts it right`(size: Size) throws {
        let store = BillingStore()
        store.divert("invoices", after: Position(12_000_000))
        var driver = ConsoleDriver(
            .processor,
            argument: "invoices",
            width: size.width,
            height: size.height,
            store: store
        )
        driver.wait(seconds: 12)
        try check(driver, size, "ahead")
        driver.show(.replay, argument: "invoices")
        driver.wait(seconds: 1)
        try check(driver, size, "ahead-plan")
    }

    @Test func `keys and errors from outside cannot reach the terminal`() {
        let size = Size(width: 120, height: 30)
        var driver = driver(.effects, size, argument: "notifications")
        let hostile = "\u{1B}[2Jboom\u{202E}\u{7}\r\nsecond line"
        let id = EventID(high: 0x0190_b6d2_7c1a_8e11, low: 1)
        driver.store.setEffect(id, .failed, cause: hostile)
        driver.store.renameEffect(id, hostile)
        driver.wait(seconds: 4)
        for keys in ["", "c", "a"] {
            driver.type(keys)
            let frame = render(driver.state, size: size)
            #expect(keys == "a" || frame.plainText.contains("boom"))
            let scalars = frame.plainText.unicodeScalars
            #expect(!scalars.contains("\u{1B}") && !scalars.contains("\u{202E}"))
            #expect(!scalars.contains("\u{7}") && !scalars.contains("\r"))
        }
    }
}
