import ConsoleFixture
import ConsoleModel
import ConsoleViews
import EventModel
import OperationsModel
import Screen
import Testing

/// The sizes in which every screen is drawn.
let goldenSizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 30), Size(width: 200, height: 60),
]

/// A console that has shown a screen for a while.
func driver(_ screen: ScreenName, _ size: Size, argument: String? = nil) -> ConsoleDriver {
    var driver = ConsoleDriver(
        screen,
        argument: argument,
        width: size.width,
        height: size.height
    )
    driver.wait(seconds: 12)
    return driver
}

/// Compares what is drawn with its golden file.
func check(
    _ driver: ConsoleDriver,
    _ size: Size,
    _ name: String,
    at sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let frame = render(driver.state, size: size)
    try GoldenFile.check(frame, name: "\(name)-\(size)", sourceLocation: sourceLocation)
}

@Suite struct GoldenFrameTests {
    @Test(arguments: goldenSizes)
    func `pulse`(size: Size) throws {
        try check(driver(.pulse, size), size, "pulse")
    }

    @Test(arguments: goldenSizes)
    func `streams, following`(size: Size) throws {
        try check(driver(.streams, size), size, "streams")
    }

    @Test(arguments: goldenSizes)
    func `streams, standing on a filtered event with its payload`(size: Size) throws {
        var driver = driver(.streams, size)
        driver.type("/type:PlanChanged")
        driver.press(.enter, .character("k"), .character("k"), .character("k"))
        if size.width < 120 { driver.press(.enter) }
        driver.wait(seconds: 1)
        try check(driver, size, "streams-payload")
    }

    @Test(arguments: goldenSizes)
    func `processors`(size: Size) throws {
        var driver = driver(.processors, size)
        driver.press(.character("j"), .character("j"))
        try check(driver, size, "processors")
    }

    @Test(arguments: goldenSizes)
    func `processor`(size: Size) throws {
        try check(driver(.processor, size, argument: "notifications"), size, "processor")
        try check(driver(.processor, size, argument: "ledger"), size, "processor-shared")
    }

    @Test(arguments: goldenSizes)
    func `replay, planned`(size: Size) throws {
        try check(driver(.replay, size, argument: "notifications"), size, "replay-plan")
    }

    @Test(arguments: goldenSizes)
    func `replay, running`(size: Size) throws {
        try check(driver(.replay, size, argument: "ledger"), size, "replay-running")
    }

    @Test(arguments: goldenSizes)
    func `replay, confirmed by typing`(size: Size) throws {
        var driver = driver(.replay, size, argument: "notifications")
        driver.type(":arm VAT bug 4412")
        driver.press(.enter, .enter)
        driver.wait(seconds: 1)
        driver.type("billing/notif")
        try check(driver, size, "replay-confirm")
    }

    @Test(arguments: goldenSizes)
    func `replay, finished`(size: Size) throws {
        var driver = driver(.replay, size, argument: "notifications")
        driver.type(":arm VAT bug 4412")
        driver.press(.enter, .enter)
        driver.wait(seconds: 1)
        driver.type("billing/notifications")
        driver.press(.tab, .enter)
        driver.wait(seconds: 3)
        driver.store.finishLastRequest(.completed("12,599,871 events in 23m31s, 0 dead letters"))
        driver.wait(seconds: 9)
        try check(driver, size, "replay-finished")
    }

    @Test(arguments: goldenSizes)
    func `aggregates`(size: Size) throws {
        var driver = driver(.aggregates, size)
        driver.type("/178")
        driver.press(.enter, .character("j"), .character("j"), .character("j"))
        try check(driver, size, "aggregates")
    }

    @Test(arguments: goldenSizes)
    func `history`(size: Size) throws {
        var driver = driver(.history, size, argument: "subscription-17850@1104")
        driver.press(.character("l"))
        try check(driver, size, "history")
    }

    @Test(arguments: goldenSizes)
    func `history, compared with a mark, in the state pane`(size: Size) throws {
        var driver = driver(.history, size, argument: "subscription-17850@1100")
        driver.press(.character("m"), .character("L"), .character("d"), .tab)
        driver.press(.character("j"), .character("j"), .character("j"))
        try check(driver, size, "history-mark")
    }

    @Test(arguments: goldenSizes)
    func `history, of an event that the rules refuse`(size: Size) throws {
        var driver = driver(.history, size, argument: "subscription-17850@1104")
        let message =
            "subscription-17850 sequence 1103, position 12599872, PlanChanged (revision 1): the "
            + "payload cannot be read: an object has a key twice (at byte 7)"
        driver.store.fail(with: OperationsError(.invalid, message))
        driver.press(.character("h"))
        driver.store.fail(with: nil)
        try check(driver, size, "history-refused")
    }

    @Test(arguments: goldenSizes)
    func `snapshots`(size: Size) throws {
        var driver = driver(.snapshots, size)
        driver.press(.character("j"), .character("j"))
        driver.wait(seconds: 1)
        try check(driver, size, "snapshots")
    }

    @Test(arguments: goldenSizes)
    func `operations`(size: Size) throws {
        var driver = driver(.operations, size)
        driver.press(.character("j"), .character("j"))
        try check(driver, size, "operations")
    }

    @Test(arguments: goldenSizes)
    func `help`(size: Size) throws {
        var driver = driver(.history, size, argument: "subscription-17850")
        driver.press(.character("?"))
        try check(driver, size, "help")
    }

    @Test(arguments: goldenSizes)
    func `palette`(size: Size) throws {
        var driver = driver(.processors, size)
        driver.type(":pr")
        try check(driver, size, "palette")
    }

    @Test(arguments: goldenSizes)
    func `action menu while read-only`(size: Size) throws {
        var driver = driver(.processors, size)
        driver.press(.character("a"))
        try check(driver, size, "menu")
    }

    @Test(arguments: goldenSizes)
    func `question in the footer while armed`(size: Size) throws {
        var driver = driver(.processors, size)
        driver.type(":arm deploy of 4413")
        driver.press(.enter, .character("a"), .enter)
        try check(driver, size, "question")
    }

    @Test(arguments: goldenSizes)
    func `a line that is typed in the footer, with what is wrong with it`(size: Size) throws {
        var driver = driver(.history, size, argument: "subscription-17850@1104")
        driver.type("@yesterday")
        driver.press(.enter)
        try check(driver, size, "prompt")
    }

    @Test(arguments: goldenSizes)
    func `a frozen display with local times`(size: Size) throws {
        var driver = driver(.operations, size)
        driver.press(.character("u"), .character("p"))
        driver.wait(seconds: 8)
        try check(driver, size, "frozen")
    }

    @Test(arguments: goldenSizes)
    func `a store that stopped answering`(size: Size) throws {
        var driver = driver(.pulse, size)
        driver.store.fail(
            with: OperationsError(.storage, "The log cannot be read: input/output error.")
        )
        driver.wait(seconds: 20)
        try check(driver, size, "no-answer")
    }

    @Test(arguments: [Size(width: 40, height: 10), Size(width: 79, height: 24)])
    func `a terminal that is too small`(size: Size) throws {
        try check(driver(.pulse, size), size, "too-small")
    }
}
