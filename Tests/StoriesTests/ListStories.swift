import ConsoleModel
import JSON
import ProgramFixture
import Screen
import Testing

/// What other programs and reports read.
@Suite struct ListStories {
    private static let fields: [(arguments: [String], fields: [String])] = [
        (
            ["events"],
            [
                "position", "stream", "category", "sequence", "id", "type", "revision", "time",
                "recordedTime", "tags", "contentType", "metadata", "data",
            ]
        ),
        (
            ["streams"], ["stream", "category", "events", "lastPosition", "firstTime", "lastTime"]
        ),
        (
            ["processors"],
            [
                "group", "state", "segments", "tokens", "position", "head", "lagEvents",
                "lagSeconds", "ratePerSecond", "secondsLeft", "deadLetters", "accounting",
                "owner", "heartbeatSeconds",
                "failure",
                "pauseReason", "projections", "tables",
            ]
        ),
        (["table", "revenue"], ["table", "rows"]),
        (["table", "revenue", "revenue"], ["month", "plan", "cents"]),
        (
            ["snapshots"],
            [
                "category", "every", "afterMilliseconds", "streams", "covered", "stale",
                "snapshots", "ignored", "bytes", "worstStream", "worstEvents", "outliers",
            ]
        ),
        (
            ["operations"],
            [
                "id", "position", "time", "operation", "target", "operator", "host", "reason",
                "outcome", "message", "outcomeTime", "change",
            ]
        ),
        (["query", "SELECT 1 AS someName"], ["someName"]),
        (
            ["query", "SELECT * FROM streams"],
            ["stream", "category", "events", "firstTime", "lastTime"]
        ),
        (
            ["replay", "revenue", "--plan"],
            [
                "group", "from", "to", "events", "mutedEvents", "replacedEvents", "streams",
                "measuredRate", "secondsMinimum", "secondsMaximum", "bytesNeeded", "deadLetters",
                "isShadow", "tables", "readersComplete", "readers", "types", "notes", "refusal",
            ]
        ),
        (
            ["doctor"],
            [
                "severity", "place", "group", "kind", "file", "bytes", "positions", "summary",
                "remedy", "since",
            ]
        ),
    ]

    @Test func `each list has its fields, in camel case`() throws {
        let store = try StoryStore.billing(300)
        try store.catchUp()
        #expect(try store.run("pause", "dunning", "--reason", "r", "--no-wait").status == 0)
        try store.append("subscription-1", "Noted")
        for (arguments, fields) in ListStories.fields {
            let execution = try Program(
                [arguments[0], store.path] + arguments.dropFirst() + ["--json"]
            )
            .end()
            let objects = try execution.objects()
            #expect(!objects.isEmpty, "\(arguments): \(execution.messages)")
            for object in objects { #expect(object.keys == fields, "\(arguments)") }
        }
    }

    @Test(arguments: ["text", "ansi", "svg"])
    func `every screen is drawn without a terminal`(form: String) throws {
        let store = try StoryStore.billing(300)
        try store.catchUp()
        let stream = try #require(try store.run("streams", "--json").objects().first)
        let name = try #require(stream["stream"]?.string)
        for screen in ScreenName.allCases {
            let argument: [String] =
                switch screen {
                case .processor, .replay: ["revenue"]
                case .history: [name + "@1"]
                default: []
                }
            for size in [
                Size(width: 80, height: 24), Size(width: 120, height: 30),
                Size(width: 200, height: 60),
            ] {
                let execution = try Program(
                    ["frame", store.path, screen.rawValue] + argument
                        + ["--size", "\(size.width)x\(size.height)", "--as", form]
                ).end()
                #expect(execution.status == 0, "\(screen) \(execution.messages)")
                try expectFrame(execution.output, form, size, of: screen)
            }
        }
    }

    private func expectFrame(
        _ output: String,
        _ form: String,
        _ size: Size,
        of screen: ScreenName
    ) throws {
        let words = "\(screen) as \(form) at \(size)"
        guard form != "svg" else {
            #expect(output.hasPrefix("<svg ") || output.hasPrefix("<?xml"), "\(words)")
            #expect(output.hasSuffix("</svg>\n") || output.hasSuffix("</svg>"), "\(words)")
            #expect(output.contains(">story"), "\(words)")
            return
        }
        #expect(output.contains("\u{1B}[") == (form == "ansi"), "\(words)")
        var screenful = VirtualTerminal(size: size)
        screenful.receive(Array(output.replacing("\n", with: "\r\n").utf8.dropLast(2)))
        #expect(screenful.unknown.filter { !$0.hasPrefix("wrap") } == [], "\(words)")
        #expect(screenful.lines[0].contains("story"), "\(words): \(screenful.lines[0])")
        #expect(
            output.split(separator: "\n", omittingEmptySubsequences: false).count == size.height + 1
        )
        let isBlank = screenful.lines.dropFirst(3).allSatisfy(\.isEmpty)
        #expect(!isBlank, "\(words)")
    }

    @Test func `a screen that does not exist, or is about nothing, is told`() throws {
        let store = try StoryStore.billing(100)
        #expect(try store.run("frame", "nothing").status == 2)
        #expect(try store.run("frame", "pulse", "--size", "80").status == 2)
        #expect(try store.run("frame", "pulse", "--as", "png").status == 2)
        let small = try store.run("frame", "pulse", "--size", "10x3")
        #expect(small.status == 0)
        let missing = try store.run("frame", "processor", "nobody")
        #expect(missing.status == 0 && missing.output.contains("nobody"))
    }
}
