import ConsoleFixture
import ConsoleModel
import ConsoleViews
import Foundation
import Screen
import Testing

/// The pictures of the README are what the console draws.
@Test(arguments: [
    (ScreenName.processors, nil), (.history, "subscription-17850@1104"),
])
func `a picture is drawn by the console itself`(_ screen: ScreenName, _ argument: String?) throws {
    let size = Size(width: 118, height: 27)
    var driver = ConsoleDriver(
        screen,
        argument: argument,
        width: size.width,
        height: size.height
    )
    driver.wait(seconds: 12)
    let picture = render(driver.state, size: size).svg(
        theme: .nightWatch,
        title: "recount console: \(screen.rawValue)"
    )
    let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Recount/Recount.docc/Resources/\(screen.rawValue).svg")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try picture.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == picture)
}
