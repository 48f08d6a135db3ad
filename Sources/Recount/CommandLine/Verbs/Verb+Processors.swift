import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let processors = Verb(
        "processors",
        "Show how every processing group stands",
        discussion: "Every position of a range is in exactly one of four numbers: events handled, "
            + "filtered (no projection is for them), dead-lettered and skipped. The range begins "
            + "behind the last reset of all rows.",
        operands: [.store],
        options: [
            VerbOption("accounting", nil, "Show what became of the events of each group instead."),
            .json,
        ],
        examples: [
            Example("processors shop.store", "See who lags, fails or is paused."),
            Example("processors shop.store --accounting", "See that no event was lost."),
        ],
        exitStatuses: [
            ExitStatusMeaning(
                .finding,
                "A group fails, is stalled, is ahead of history, has dead letters, or does not "
                    + "account for every event."
            )
        ],
        run: showProcessors
    )
}

@Sendable
private func showProcessors(_ context: VerbContext) throws -> ExitStatus {
    let processors = try context.openOperations().processors()
    if context.printsJSON {
        for processor in processors { try printObject(processor, context) }
    } else if context.arguments.has("accounting") {
        try printAccounting(processors, context)
    } else {
        try printTable(processors, context)
    }
    let isWrong = processors.contains { processor in
        processor.state.isBroken || processor.deadLetterCount > 0
            || processor.accounting?.isComplete == false
    }
    return isWrong ? .finding : .done
}

private func printTable(_ processors: [ProcessorStatus], _ context: VerbContext) throws {
    var table = TextTable(
        [
            .text("group"), .text("state"), .number("position"), .number("head"),
            .number("lag"), .text("lag time"), .number("rate/s"), .number("segments"),
            .number("letters"),
            .text("owner"), .text("note"),
        ],
        to: context.output
    )
    for processor in processors {
        try table.row([
            processor.group, processor.state.words, processor.position.description,
            processor.head.description, NumberFormat.grouped(processor.lagEvents),
            NumberFormat.duration(processor.lagSeconds),
            NumberFormat.grouped(Int(processor.ratePerSecond)),
            processor.segmentCount.description,
            NumberFormat.grouped(processor.deadLetterCount), processor.owner ?? "none",
            processor.failure ?? processor.pauseReason ?? processor.shadowText,
        ])
    }
    try table.flush()
}

private func printAccounting(_ processors: [ProcessorStatus], _ context: VerbContext) throws {
    var table = TextTable(
        [
            .text("group"), .number("after"), .number("through"), .number("events"),
            .number("handled"), .number("filtered"), .number("dead-lettered"), .number("skipped"),
            .text("adds up"),
        ],
        to: context.output
    )
    for processor in processors {
        guard let accounting = processor.accounting else { continue }
        let numbers = [
            accounting.after.number, accounting.through.number, accounting.positionCount,
            accounting.handled, accounting.filtered, accounting.deadLettered, accounting.skipped,
        ]
        try table.row(
            [processor.group] + numbers.map(NumberFormat.grouped)
                + [accounting.isComplete ? "yes" : "NO"]
        )
    }
    try table.flush()
}

private func printObject(_ processor: ProcessorStatus, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("group", processor.group)
        writer.member("state", processor.state.rawValue)
        writer.member("segments", processor.segmentCount)
        writer.tokens(processor.segments)
        writer.member("position", processor.position.number)
        writer.member("head", processor.head.number)
        writer.member("lagEvents", processor.lagEvents)
        writer.member("lagSeconds", processor.lagSeconds)
        writer.member("ratePerSecond", processor.ratePerSecond)
        writer.member("secondsLeft", processor.secondsLeft)
        writer.member("deadLetters", processor.deadLetterCount)
        writer.key("accounting")
        if let accounting = processor.accounting {
            writer.object(accounting)
        } else {
            writer.null()
        }
        writer.member("owner", processor.owner)
        writer.member("heartbeatSeconds", processor.heartbeatSeconds)
        writer.member("failure", processor.failure)
        writer.member("pauseReason", processor.pauseReason)
        writer.replays(processor)
        writer.key("projections")
        writer.strings(processor.projections)
        writer.key("tables")
        writer.strings(processor.tables)
    }
}

extension ProcessorStatus {
    /// How far new rows are; empty where none are made.
    fileprivate var shadowText: String {
        guard let shadow else { return "" }
        let position = shadow.position.map { NumberFormat.grouped($0.number) } ?? "the beginning"
        let goal = NumberFormat.grouped(self.position.number)
        return "making new rows, at \(position) of \(goal)"
    }
}

extension JSONWriter {
    fileprivate mutating func object(_ accounting: ProcessorStatus.Accounting) {
        beginObject()
        member("after", accounting.after.number)
        member("through", accounting.through.number)
        member("handled", accounting.handled)
        member("filtered", accounting.filtered)
        member("deadLettered", accounting.deadLettered)
        member("skipped", accounting.skipped)
        member("isComplete", accounting.isComplete)
        endObject()
    }

    /// Writes an array of strings.
    mutating func strings(_ texts: [String]) {
        beginArray()
        for text in texts { string(text) }
        endArray()
    }
}

extension ProcessorStatus.State {
    /// Whether somebody has to do something about it.
    var isBroken: Bool {
        switch self {
        case .failing, .stalled, .aheadOfHistory: true
        case .live, .catchingUp, .replaying, .paused, .noHost: false
        }
    }

    /// The state as people read it.
    var words: String {
        switch self {
        case .live: "live"
        case .catchingUp: "catching up"
        case .replaying: "replaying"
        case .paused: "paused"
        case .stalled: "stalled"
        case .failing: "failing"
        case .aheadOfHistory: "ahead of history"
        case .noHost: "no host"
        }
    }
}

extension JSONWriter {
    /// Writes how far each segment is, and who runs it.
    fileprivate mutating func tokens(_ segments: [SegmentStatus]) {
        key("tokens")
        beginArray()
        for segment in segments {
            beginObject()
            member("segment", segment.number)
            member("of", segment.shareCount)
            member("position", segment.position.number)
            member("processed", segment.processedPosition.number)
            member("owner", segment.owner)
            member("heartbeatSeconds", segment.heartbeatSeconds)
            endObject()
        }
        endArray()
    }

    /// Writes which rows are made anew, and which are kept of before, where there are some.
    fileprivate mutating func replays(_ processor: ProcessorStatus) {
        if let replay = processor.replay {
            key("replay")
            beginObject()
            member("operation", replay.operation.description)
            member("from", replay.from.number)
            member("to", replay.to.number)
            member("startTime", replay.startTime.description)
            endObject()
        }
        if let shadow = processor.shadow {
            key("shadow")
            beginObject()
            member("operation", shadow.operation.description)
            member("position", shadow.position?.number)
            endObject()
        }
        if let kept = processor.kept {
            key("kept")
            beginObject()
            member("operation", kept.operation.description)
            member("position", kept.position.number)
            endObject()
        }
    }
}
