import ConsoleFixture
import ConsoleModel
import ConsoleViews
import EventModel
import OperationsModel
import Screen
import Testing

@Suite struct LetterFrameTests {
    @Test(arguments: goldenSizes)
    func `dead letters of every group`(size: Size) throws {
        try check(driver(.deadLetters, size), size, "letters")
    }

    @Test(arguments: goldenSizes)
    func `dead letters of a group, among the sequences of a cause`(size: Size) throws {
        var driver = driver(.deadLetters, size, argument: "notifications")
        driver.press(.enter, .character("j"), .character("j"))
        try check(driver, size, "letters-group")
    }

    @Test(arguments: goldenSizes)
    func `what can be done about dead letters while read-only`(size: Size) throws {
        var driver = driver(.deadLetters, size, argument: "notifications")
        driver.press(.enter, .character("a"))
        try check(driver, size, "letters-menu")
    }

    @Test(arguments: goldenSizes)
    func `a retry of the letters of a cause, planned`(size: Size) throws {
        var driver = driver(.deadLetters, size, argument: "notifications")
        driver.press(.character("a"), .enter)
        try check(driver, size, "retry-plan")
    }

    @Test(arguments: goldenSizes)
    func `a discard, confirmed by typing after its own reason`(size: Size) throws {
        var driver = driver(.deadLetters, size, argument: "notifications")
        driver.type(":arm mails of Iceland")
        driver.press(.enter, .character("a"))
        for _ in 0..<6 { driver.press(.character("j")) }
        driver.press(.enter, .enter)
        driver.type("sent by hand")
        driver.press(.enter)
        driver.wait(seconds: 1)
        driver.type("billing/notif")
        try check(driver, size, "discard-confirm")
    }

    @Test(arguments: goldenSizes)
    func `a retry that is going on`(size: Size) throws {
        try check(retrying(size), size, "retry-running")
    }

    @Test(arguments: goldenSizes)
    func `a retry that ended at a letter that failed again`(size: Size) throws {
        var driver = retrying(size)
        driver.store.failLetter(
            of: "notifications",
            "subscription-10412",
            "template 'is-IS' has no field 'retryDate' in handler MailQueue"
        )
        driver.store.finishLastRequest(
            .failed("handled 5 dead letters, then position 12599918 failed again")
        )
        driver.wait(seconds: 9)
        try check(driver, size, "retry-finished")
    }

    @Test func `causes and names from outside cannot reach the terminal`() {
        let size = Size(width: 120, height: 30)
        var driver = driver(.deadLetters, size, argument: "notifications")
        let hostile = "\u{1B}[2Jboom\u{202E}\u{7}\r\nsecond line"
        driver.store.failLetter(of: "notifications", "subscription-17850", hostile)
        driver.wait(seconds: 4)
        driver.press(.character("G"))
        for keys in ["", "c", "a"] {
            driver.type(keys)
            let frame = render(driver.state, size: size)
            #expect(keys == "a" || frame.plainText.contains("boom"))
            let scalars = frame.plainText.unicodeScalars
            #expect(!scalars.contains("\u{1B}") && !scalars.contains("\u{202E}"))
            #expect(!scalars.contains("\u{7}") && !scalars.contains("\r"))
        }
    }

    private func retrying(_ size: Size) -> ConsoleDriver {
        var driver = driver(.deadLetters, size, argument: "notifications")
        driver.type(":arm template is there")
        driver.press(.enter, .character("a"), .enter, .enter)
        driver.wait(seconds: 1)
        driver.type("billing/notifications")
        driver.press(.tab, .enter)
        driver.store.settleLetters(of: "notifications", ["subscription-17850"])
        driver.wait(seconds: 9)
        return driver
    }
}
