import EventLog
import EventModel
import EventStorage
import JSON
import Operations
import OperationsModel
import Screen

extension Verb {
    static let doctor = Verb(
        "doctor",
        "Name everything that is or will be wrong, worst first",
        discussion: "Reads every byte of the log that has a checksum, whether the store can be "
            + "opened or not, and changes nothing while it does; then opens the store and looks at "
            + "its groups, at how long commands took, and for streams that have ten times as many "
            + "events after their last snapshot as their category's rules ask for (10,000 where "
            + "they do not go by the number). Commands are slow where one in a hundred took over a "
            + "second, or over 100 ms and twenty times the median; fewer than a hundred say "
            + "nothing. With '--json' each finding has 'severity' (critical, warning or notice), "
            + "'place' (store, or group and stream with their names), 'kind' (the word under which "
            + "the guide to recovery explains it), 'file', 'bytes' (the first one and the one "
            + "behind the last), 'positions' (the first and the last that cannot be read), "
            + "'summary', 'remedy' and 'since'; what does not apply is null.",
        operands: [.store],
        options: [
            VerbOption(
                "quick",
                nil,
                "Look at headers, names, permissions and groups only, not at every byte."
            ),
            .json,
        ],
        examples: [
            Example("doctor shop.store", "Read the whole log, and see what needs a hand."),
            Example("doctor shop.store --quick", "See what a quick look tells."),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "Something is or will be wrong."),
            ExitStatusMeaning(.storageFailure, "There is no store, or nothing of it can be read."),
        ],
        run: diagnose
    )
}

@Sendable
private func diagnose(_ context: VerbContext) throws -> ExitStatus {
    let directory = StoreDirectory(context.arguments.operand(Operand.store.name))
    let report = try examine(directory, context)
    var problems = report.findings.map { Problem($0) }
    do {
        let operations = try context.openOperations()
        problems += try operations.problemsInUse()
        if !context.arguments.has("quick") { problems += try operations.longTailProblems() }
        if !context.printsJSON { try tellStore(operations, context) }
    } catch let error as StorageError {
        problems.append(Problem(unopened: error))
    } catch let error as OperationsError where error.code == .storage {
        problems.append(Problem(unopened: error))
    } catch {
        // What the domain's file has wrong is told after what the store has.
        try tell(Problem.sorted(problems), context)
        throw error
    }
    try tell(Problem.sorted(problems), context)
    if report.leftOutCount > 0 {
        try context.messages.line(
            "\(NumberFormat.grouped(report.leftOutCount)) more findings are left out"
        )
    }
    return problems.contains { $0.severity > .notice } ? .finding : .done
}

/// Looks at the files and shows how far that is.
private func examine(
    _ directory: StoreDirectory,
    _ context: VerbContext
) throws(StorageError) -> LogReport {
    if context.arguments.has("quick") {
        return try EventLog.examine(directory, depth: .quick)
    }
    var progress: WorkProgress?
    defer { progress?.finish() }
    return try EventLog.examine(directory) { doneCount, totalCount in
        let shown = progress ?? WorkProgress("MiB", of: totalCount >> 20, on: context.messages)
        progress = shown
        shown.show(doneCount >> 20)
    }
}

private func tellStore(_ operations: StoreOperations, _ context: VerbContext) throws {
    let status = try operations.status()
    try context.output.line(
        "\(TerminalText.sanitized(status.name)): \(NumberFormat.grouped(status.head.number)) events, "
            + "\(NumberFormat.grouped(status.streamCount)) streams, "
            + "\(operations.domain.groups.count) groups, incarnation \(status.incarnation)"
    )
}

private func tell(_ problems: [Problem], _ context: VerbContext) throws {
    if context.printsJSON {
        for problem in problems { try printObject(problem, context) }
        return
    }
    if problems.isEmpty { try context.output.line("nothing is wrong") }
    for problem in problems {
        try context.output.line(
            "\(problem.severity.word): \(TerminalText.sanitized(problem.summary))"
        )
        if let file = problem.file {
            let bytes = problem.bytes.map { ", bytes \($0.lowerBound) to \($0.upperBound)" } ?? ""
            try context.output.line("    \(TerminalText.sanitized(file))\(bytes)")
        }
        try context.output.line("    \(TerminalText.sanitized(problem.remedy))")
    }
}

private func printObject(_ problem: Problem, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("severity", problem.severity.word)
        writer.place(problem.place)
        writer.member("kind", problem.kind)
        writer.member("file", problem.file)
        writer.range("bytes", problem.bytes.map { ($0.lowerBound, $0.upperBound) })
        writer.range(
            "positions",
            problem.positions.map { ($0.lowerBound.number, $0.upperBound.number) }
        )
        writer.member("summary", problem.summary)
        writer.member("remedy", problem.remedy)
        writer.member("since", problem.since?.description)
    }
}

extension JSONWriter {
    /// Writes where to look: the sort of place, and the name of a group or stream.
    fileprivate mutating func place(_ place: Problem.Place) {
        switch place {
        case .store: member("place", "store")
        case .processor(let group):
            member("place", "group")
            member("group", group)
        case .stream(let stream):
            member("place", "stream")
            member("stream", stream.text)
        }
    }

    /// Writes a member of two numbers; null where there are none.
    fileprivate mutating func range(
        _ name: String,
        _ range: (some FixedWidthInteger, some FixedWidthInteger)?
    ) {
        guard let range else { return member(name, String?.none) }
        key(name)
        beginArray()
        integer(range.0)
        integer(range.1)
        endArray()
    }
}

extension Problem.Severity {
    fileprivate var word: String {
        switch self {
        case .critical: "critical"
        case .warning: "warning"
        case .notice: "notice"
        }
    }
}
