import ConsoleFixture
import ConsoleModel
import ConsoleViews
import EventModel
import Screen
import Testing

@Suite struct FramePropertyTests {
    private func driver(_ screen: ScreenName, width: Int, height: Int) -> ConsoleDriver {
        let argument: String? =
            switch screen {
            case .processor, .replay, .retry: "notifications"
            case .step: "invoices@1733"
            case .history: "subscription-17850@1104"
            default: nil
            }
        return ConsoleDriver(screen, argument: argument, width: width, height: height)
    }

    private func checkRows(_ frame: Frame, _ what: String) {
        for y in 0..<frame.size.height {
            var width = 0
            for x in 0..<frame.size.width { width += frame[Point(x: x, y: y)].width }
            #expect(width == frame.size.width, "row \(y) of \(what)")
        }
    }

    @Test(arguments: ScreenName.allCases)
    func `every size from nothing to huge gives a whole frame`(screen: ScreenName) {
        var driver = driver(screen, width: 80, height: 24)
        var size = (width: 1, height: 1)
        while size.width <= 300 {
            driver.send(.resize(width: size.width, height: size.height))
            let shape = Size(width: size.width, height: size.height)
            checkRows(render(driver.state, size: shape), "\(screen) at \(shape)")
            size = (size.width + 1 + size.width / 9, (size.height + 7) % 101)
        }
        for shape in [Size(width: 0, height: 0), Size(width: 300, height: 100)] {
            checkRows(render(driver.state, size: shape), "\(screen) at \(shape)")
        }
    }

    @Test(arguments: ScreenName.allCases)
    func `nothing is drawn over the rules and the footer`(screen: ScreenName) {
        for height in 24...30 {
            let driver = driver(screen, width: 80, height: height)
            let frame = render(driver.state, size: Size(width: 80, height: height))
            let rule = String(repeating: "─", count: 80)
            #expect(frame.plainRow(2) == rule)
            #expect(frame.plainRow(height - 2) == rule, "\(screen) at \(height)")
            #expect(frame.plainRow(height - 1).contains("help"))
        }
    }

    @Test(arguments: ScreenName.allCases)
    func `the plain glyphs are ASCII except for data`(screen: ScreenName) {
        let size = Size(width: 120, height: 30)
        for keys in ["", "a", ":", "?", "@", "/"] {
            var driver = driver(screen, width: 120, height: 30)
            driver.type(keys)
            let frame = render(driver.state, size: size, glyphs: .ascii)
            let others = Set(frame.plainText.unicodeScalars.filter { $0.value >= 0x80 })
            #expect(others.isSubset(of: ["ö"]), "\(screen) after \(keys): \(others)")
        }
    }

    @Test func `every state of a group is told by a sign and a word, never by colour alone`() {
        let driver = driver(.processors, width: 120, height: 30)
        let text = render(driver.state, size: Size(width: 120, height: 30)).plainText
        for words in ["● live", "» replay 40%", "■ failing", "‖ paused"] {
            #expect(text.contains(words))
        }
    }

    @Test func `an armed console is red in its first row and counts down`() {
        var driver = driver(.processors, width: 120, height: 30)
        driver.type(":arm deploy of 4413")
        driver.press(.enter)
        driver.wait(seconds: 28)
        let frame = render(driver.state, size: Size(width: 120, height: 30))
        #expect(frame.plainRow(0).contains("ARMED 14:32"))
        #expect(frame[Point(x: 119, y: 0)].style.role == .lagCritical)
    }

    @Test func `old numbers are marked`() {
        var driver = driver(.pulse, width: 120, height: 30)
        let size = Size(width: 120, height: 30)
        #expect(!render(driver.state, size: size).plainRow(0).contains("STALE"))
        driver.holdsAnswers = true
        driver.wait(seconds: 4)
        #expect(render(driver.state, size: size).plainRow(0).contains("STALE 4.0s"))
        driver.press(.character("p"))
        #expect(render(driver.state, size: size).plainRow(0).contains("FROZEN"))
    }

    @Test func `what comes from outside cannot reach the terminal`() {
        var driver = driver(.streams, width: 120, height: 30)
        driver.press(.character("/"))
        driver.send(.paste("\u{1B}[2Jx\u{202E}y"))
        let text = render(driver.state, size: Size(width: 120, height: 30)).plainText
        #expect(!text.unicodeScalars.contains("\u{1B}"))
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }
}
