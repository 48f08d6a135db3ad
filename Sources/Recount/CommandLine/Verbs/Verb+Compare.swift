import Glibc
import Operations
import OperationsModel

extension Verb {
    static let compare = Verb(
        "compare",
        "Prove that a read model is what its events make of it",
        discussion: "Makes the rows anew in a copy, by the definition of today and up to the "
            + "position of the rows in use, and compares all tables row by row. The group is not "
            + "touched and goes on meanwhile; of the copy nothing is left. What the group has put "
            + "aside or skips, the copy leaves out too. Rows that differ are told as what would "
            + "make the rows in use the others: inserted (+), updated (~, old -> new) and deleted "
            + "(-), those of the table with most of them first. A digest is the SHA-256 of all rows "
            + "by primary key, each value with its type; views, the tables that virtual tables are "
            + "made of, and the tables of Recount itself do not count. What may explain differences "
            + "is told: dead letters that were handled later than in their order, asked for or not, or "
            + "discarded, and a definition that has changed, as far as it is data: tables, types, "
            + "rules about replays, and the statements of a model. With '--json' the comparison is "
            + "one object; 'before' is in use, 'after' the other, 'failures' are the events that the "
            + "copy could not handle, and 'notes' is what is told besides.",
        operands: [.store, .group],
        options: [
            VerbOption(
                "with",
                "rebuilt|kept",
                "With rows made anew, which is what happens unless told otherwise, or with those "
                    + "in use before the last replay, brought to the same position as an undoing "
                    + "would."
            ),
            VerbOption("table", "T", "Compare only this table."),
            VerbOption(
                "limit",
                "N",
                "Tell at most N rows of each table, 10 unless told otherwise; all are counted."
            ),
            .json,
        ],
        examples: [
            Example("compare shop.store sales", "Prove that the rows are what the events say."),
            Example(
                "compare shop.store sales --with kept --limit 100",
                "See what the last replay changed, and an undoing would change back."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.done, "All rows are equal."),
            ExitStatusMeaning(
                .finding,
                "Rows differ, the copy cannot handle what the group has handled, or there is no "
                    + "such group, table or kept rows."
            ),
            ExitStatusMeaning(
                .refused,
                "The rows were replaced meanwhile, or cannot be brought to one position."
            ),
        ],
        run: compareRows
    )
}

@Sendable
private func compareRows(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    var request = ReadModelComparisonRequest(
        group: arguments.operand(Operand.group.name),
        counterpart: try arguments.choice("with") ?? .rebuilt,
        table: arguments.text("table")
    )
    request.rowCountMax = try arguments.count("limit") ?? request.rowCountMax
    let operations = try context.openOperations()
    Interrupt.catchSignals([SIGINT])
    let progress = ComparisonProgress(context.messages)
    defer { progress.finish() }
    let comparison = try operations.compare(request, progress: progress.show)
    progress.finish()
    let report = ComparisonReport(comparison)
    try context.printsJSON ? report.write(to: context.output) : report.print(to: context.output)
    return comparison.isEqual ? .done : .finding
}

/// Shows how far a comparison is.
private final class ComparisonProgress {
    private let messages: CommandOutput
    private var building: ReplayProgress?
    private var reading: (work: WorkProgress, total: Int)?

    init(_ messages: CommandOutput) {
        self.messages = messages
    }

    /// Shows a stage; false where the user interrupts.
    func show(_ stage: ReadModelComparisonStage) -> Bool {
        switch stage {
        case .building(let reached, let last):
            let shown = building ?? ReplayProgress(from: reached, messages)
            building = shown
            return shown.show(reached, last)
        case .reading(let rowCount, let total):
            building?.finish()
            let work =
                reading.flatMap { $0.total == total ? $0.work : nil }
                ?? WorkProgress("rows", of: total, on: messages)
            reading = (work, total)
            work.show(rowCount)
            return !Interrupt.isRaised
        }
    }

    /// Takes the line away.
    func finish() {
        building?.finish()
        reading?.work.finish()
    }
}
