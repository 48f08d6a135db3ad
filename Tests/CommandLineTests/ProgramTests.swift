import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// A directory with a store that the program has made.
private struct Fixture {
    let directory = TemporaryDirectory()
    var path: String { directory.path + "/test.store" }

    init() throws {
        #expect(try Program.run("init", path).status == 0)
    }

    func open() throws -> EventLog { try EventLog.open(StoreDirectory(path)) }

    /// Appends an event that the command line would not let through.
    func append(stream: String, payload: [UInt8]) throws {
        var event = TestEvents.event(UInt64(try open().head().number))
        event.payload = payload
        _ = try open().append(AppendRequest([event], to: StreamName(stream)))
    }
}

private func objects(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
}

@Test func `an appended event comes back`() throws {
    let fixture = try Fixture()
    let appended = try Program.run(
        "append",
        fixture.path,
        "cart-1",
        "Added",
        "--data",
        #"{"a": 1.0}"#,
        "--tag",
        "customer:7",
        "--tag",
        "shop:a",
        "--metadata",
        #"{"by":"ana"}"#,
        "--revision",
        "2",
        "--json"
    )
    #expect(appended.status == 0)
    let answer = try #require(try objects(appended.output).first)
    #expect(answer["position"] == 1 && answer["sequence"] == 0 && answer["known"] == false)
    let listed = try Program.run("events", fixture.path, "--json")
    let event = try #require(try objects(listed.output).first)
    #expect(event["id"] == answer["id"])
    #expect(event["stream"] == "cart-1" && event["category"] == "cart")
    #expect(event["type"] == "Added" && event["revision"] == 2)
    #expect(event["tags"] == ["customer:7", "shop:a"])
    #expect(event["metadata"] == ["by": "ana"])
    #expect(listed.output.contains(#""data":{"a": 1.0}}"#))
}

@Test func `the payload can come from the standard input`() throws {
    let fixture = try Fixture()
    let arguments = ["append", fixture.path, "cart-1", "Added", "--data", "-"]
    #expect(try Program(arguments, input: "{\n\"a\":1}\n").end().status == 0)
    #expect(try fixture.open().event(at: Position(1))?.payload == Array("{\n\"a\":1}".utf8))
    #expect(try Program(arguments, input: "{").end().status == 2)
    let listed = try Program.run("events", fixture.path, "--json")
    #expect(try objects(listed.output).count == 1)
}

@Test func `appending an id again is harmless, and a wrong expectation is refused`() throws {
    let fixture = try Fixture()
    let id = "01890a5d-ac96-774b-bcce-b302099a8057"
    func append(_ more: String...) throws -> Execution {
        try Program(["append", fixture.path, "cart-1", "Added"] + more).end()
    }
    #expect(try append("--id", id, "--expect", "no-stream").status == 0)
    let again = try append("--id", id, "--expect", "no-stream", "--json")
    #expect(again.status == 0 && again.output.contains(#""known":true"#))
    let conflict = try append("--expect", "no-stream")
    #expect(conflict.status == 3)
    let message =
        "recount: error: stream cart-1 was expected to not exist yet, "
        + "but its last sequence is 0"
    #expect(conflict.messages.hasPrefix(message))
    #expect(try append("--expect", "1").status == 3)
    #expect(try append("--expect", "0").status == 0)
    #expect(try append("--expect", "exists").status == 0)
    #expect(try append("--expect", "nowhere").status == 2)
    #expect(try Program.run("append", fixture.path, "$operations", "Forged").status == 2)
}

@Test func `every way to end has its exit status`() throws {
    let fixture = try Fixture()
    let missing = fixture.directory.path + "/none"
    func status(_ arguments: String...) throws -> Int32 { try Program(arguments).end().status }
    #expect(try status() == 2)
    #expect(try status("help") == 0)
    #expect(try status("--version") == 0)
    #expect(try status("help", "nothing") == 2)
    #expect(try status("nothing") == 2)
    #expect(try status("events", "--help", "--nonsense") == 0)
    #expect(try status("events", fixture.path, "--nonsense") == 2)
    #expect(try status("events", missing) == 4)
    #expect(try status("history", fixture.path, "cart-1") == 1)
    #expect(try status("init", fixture.path) == 3)
    #expect(try status("import", fixture.path, missing) == 2)
    #expect(try status("events", fixture.path) == 0)
}

@Test func `an import says where it ended, and what it skipped`() throws {
    let fixture = try Fixture()
    let good = #"{"specversion":"1.0","id":"1","source":"s","type":"T","subject":"a-1"}"#
    let stopped = try Program(["import", fixture.path, "-"], input: good + "\nnonsense\n").end()
    #expect(stopped.status == 1)
    #expect(stopped.messages.hasPrefix("recount: error: standard input, line 2, byte 0: "))
    #expect(try fixture.open().head() == Position(1))
    let path = fixture.directory.path + "/lines"
    let file = try #require(fopen(path, "w"))
    fputs(good + "\nnonsense\n" + good.replacing(#""1","#, with: #""2","#) + "\n", file)
    fclose(file)
    let skipped = try Program.run("import", fixture.path, path, "--on-error", "skip", "--json")
    #expect(skipped.status == 1)
    let answer = try #require(try objects(skipped.output).first)
    #expect(answer["added"] == 1 && answer["known"] == 1 && answer["rejected"] == 1)
}

@Test func `lists print one object a line`() throws {
    let fixture = try Fixture()
    for number in 0..<3 {
        try fixture.append(stream: "cart-\(number % 2)", payload: Array("{\n}".utf8))
    }
    for arguments in [
        ["streams", fixture.path], ["schema", fixture.path], ["events", fixture.path],
        ["history", fixture.path, "cart-0"], ["version"],
    ] {
        let execution = try Program(arguments + ["--json"]).end()
        #expect(execution.status == 0)
        let isObject = try objects(execution.output).allSatisfy { $0.kind == .object }
        #expect(isObject && !execution.output.isEmpty)
        #expect(execution.messages.isEmpty)
    }
    let streams = try Program.run("streams", fixture.path, "--by", "events", "--json")
    #expect(try objects(streams.output).map { $0["events"] } == [2, 1])
}

@Test func `nothing in a stream or payload reaches a pipe or a terminal as a command`() throws {
    let fixture = try Fixture()
    let stream = "cart-\u{202E}evil\u{200B}\u{2028}"
    try fixture.append(
        stream: stream,
        payload: Array("\u{1B}]0;owned\u{07}\u{1B}[2J\r\u{9B}1m".utf8)
    )
    let terminal = try Terminal()
    for arguments in [
        ["events", fixture.path], ["streams", fixture.path], ["history", fixture.path, stream],
        ["history", fixture.path, "\u{1B}[2J"], ["append", fixture.path, stream, "\u{1B}[2J"],
        ["nonsense\u{1B}[2J"],
    ] {
        let piped = try Program(arguments).end()
        let shown = try Program(arguments, terminal: terminal.descriptor).end()
        for text in [piped.output, piped.messages, shown.messages, terminal.output()] {
            let hidden = text.unicodeScalars.filter { scalar in
                let category = scalar.properties.generalCategory
                let isLineEnd = scalar == "\n" || scalar == "\r"
                return !isLineEnd
                    && [.control, .format, .lineSeparator].contains(category)
            }
            #expect(hidden.isEmpty, "\(arguments)")
        }
    }
    let events = try Program.run("events", fixture.path)
    #expect(events.output.contains("cart-<U+202E>evil<U+200B><U+2028>"))
}

@Test func `lines fit a terminal, and are whole in a pipe`() throws {
    let fixture = try Fixture()
    let payload = #"{"text":"\#(String(repeating: "x", count: 300))"}"#
    try fixture.append(stream: "cart-1", payload: Array(payload.utf8))
    #expect(try Program.run("events", fixture.path).output.contains(payload))
    let terminal = try Terminal()
    _ = try Program.run("events", fixture.path, terminal: terminal.descriptor)
    let lines = terminal.output().split(whereSeparator: \.isNewline)
    #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 60 })
}

@Test func `a closed pipe ends a verb quietly`() throws {
    let fixture = try Fixture()
    try fixture.append(stream: "cart-1", payload: [])
    for verb in ["events", "export"] {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let execution = try Program.run(verb, fixture.path, terminal: ends[1])
        close(ends[1])
        #expect(execution.status == 0)
        #expect(execution.messages.isEmpty)
    }
}

@Test func `following shows new events until it is interrupted`() throws {
    let fixture = try Fixture()
    try fixture.append(stream: "cart-1", payload: [])
    let program = try Program(["events", fixture.path, "--follow", "--json"])
    #expect(wait { program.output.contains(#""position":1,"#) })
    try fixture.append(stream: "cart-2", payload: [])
    #expect(wait { program.output.contains(#""position":2,"#) })
    program.send(SIGINT)
    let execution = program.end()
    #expect(execution.status == 0)
    #expect(try objects(execution.output).count == 2)
}

/// A terminal of 60 columns without anybody in front of it.
private final class Terminal {
    // TIOCSPTLCK and TIOCGPTN, macros that are not imported.
    private static let requestUnlock: UInt = 0x4004_5431
    private static let requestNumber: UInt = 0x8004_5430

    private let controller: Int32
    let descriptor: Int32

    init() throws {
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        var number: Int32 = 0
        try #require(ioctl(controller, Terminal.requestUnlock, &number) == 0)
        try #require(ioctl(controller, Terminal.requestNumber, &number) == 0)
        let name = "/dev/pts/\(number)"
        descriptor = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        var size = winsize(ws_row: 24, ws_col: 60, ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0)
    }

    deinit {
        close(descriptor)
        close(controller)
    }

    /// What has been written to it since the last time.
    func output() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(controller, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
