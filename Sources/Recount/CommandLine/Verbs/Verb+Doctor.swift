import Screen
import EventModel
import JSON
import Operations
import OperationsModel

extension Verb {
    static let doctor = Verb(
        "doctor",
        "Name everything that is or will be wrong, worst first",
        operands: [.store],
        options: [.json],
        examples: [Example("doctor shop.store", "See what needs a hand.")],
        exitStatuses: [ExitStatusMeaning(.finding, "Something is or will be wrong.")],
        run: diagnose
    )
}

@Sendable
private func diagnose(_ context: VerbContext) throws -> ExitStatus {
    let operations = try context.openOperations()
    let status = try operations.status()
    let problems = try operations.problems()
    if context.printsJSON {
        for problem in problems { try printObject(problem, context) }
    } else {
        try context.output.line(
            "\(TerminalText.sanitized(status.name)): \(NumberFormat.grouped(status.head.number)) events, "
                + "\(NumberFormat.grouped(status.streamCount)) streams, "
                + "\(operations.domain.groups.count) groups, incarnation \(status.incarnation)"
        )
        if problems.isEmpty { try context.output.line("nothing is wrong") }
        for problem in problems {
            try context.output.line(
                "\(problem.severity.word): \(TerminalText.sanitized(problem.summary))"
            )
            try context.output.line("    \(TerminalText.sanitized(problem.remedy))")
        }
    }
    return problems.contains { $0.severity > .notice } ? .finding : .done
}

private func printObject(_ problem: Problem, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("severity", problem.severity.word)
        switch problem.place {
        case .store: writer.member("place", "store")
        case .processor(let group): writer.member("group", group)
        case .stream(let stream): writer.member("stream", stream.text)
        }
        writer.member("summary", problem.summary)
        writer.member("remedy", problem.remedy)
        writer.member("since", problem.since?.description)
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
