import EventModel
import Glibc
import Operations
import OperationsModel

extension Verb {
    static let step = Verb(
        "step",
        "Step through the history of a group's read model, forwards and back",
        discussion: "The tables are filled in a copy that nobody else sees and of which nothing "
            + "is left; the group and its tables are not touched, whether it runs or not. After "
            + "each step the rows are told that were inserted (+), updated (~, old -> new) and "
            + "deleted (-). Commands come line by line from the terminal or the standard input: "
            + StepCommand.forms.map { "\($0.name) \($0.arguments)".trimmed }
            .joined(separator: ", ") + ". An empty line is 'next'. Ctrl-C ends a long step.",
        operands: [.store, .group],
        options: [
            VerbOption(
                "at",
                "P|T",
                "Where to begin: a position, a time (what was recorded up to then), or 'head'; "
                    + "before the first event unless told otherwise."
            ),
            VerbOption(
                "rows",
                "N",
                "Tell at most N changed rows a step, 100 unless told otherwise."
            ),
            .json,
        ],
        examples: [
            Example("step shop.store sales", "Go through the history from the first event on."),
            Example(
                "step shop.store sales --at 2026-11-20T03:47:00+01:00",
                "Begin with the tables as they were then."
            ),
            Example(
                "step shop.store sales <<< 'until SELECT 1 FROM sales WHERE netMills < 0'",
                "Find the first event after which a total is negative."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(
                .finding,
                "There is no such group or table, an event cannot be handled, or a step that no "
                    + "terminal asked for was interrupted."
            ),
            ExitStatusMeaning(.refused, "A query does more than read, or was interrupted."),
        ],
        run: stepThrough
    )
}

@Sendable
private func stepThrough(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    var options = InteractiveReplayOptions()
    options.changeCountMax = try arguments.count("rows") ?? options.changeCountMax
    let point = try arguments.point("at") ?? .position(.start)
    let operations = try context.openOperations()
    Interrupt.catchSignals([SIGINT])
    let group = arguments.operand(Operand.group.name)
    let replay = try InteractiveReplay(operations, group: group, at: point, options, context)
    var session = StepSession(replay, of: group, context)
    return try session.run()
}

extension InteractiveReplay {
    /// Makes a copy as of a point, with its progress shown as messages.
    convenience init(
        _ operations: StoreOperations,
        group: String,
        at point: ReadModelPoint,
        _ options: InteractiveReplayOptions,
        _ context: VerbContext
    ) throws(OperationsError) {
        let progress = ReplayProgress(from: .start, context.messages)
        defer { progress.finish() }
        try self.init(operations, group: group, at: point, options: options) {
            progress.show($0, $1)
        }
    }
}

extension VerbArguments {
    /// The value of an option that is a point in the history of a read model.
    func point(_ name: String) throws(CommandFailure) -> ReadModelPoint? {
        guard let text = text(name) else { return nil }
        do throws(CommandFailure) {
            return try ReadModelPoint(argument: text)
        } catch {
            throw .usage("--\(name): \(error.message)")
        }
    }
}

extension String {
    fileprivate var trimmed: String { last == " " ? String(dropLast()) : self }
}
