import EventModel
import Glibc
import Operations
import OperationsModel

/// An interactive replay in lines: reads commands and tells what they did.
struct StepSession {
    /// The rows of a table that are shown where nobody says how many.
    private static let rowCount = 50

    private let replay: InteractiveReplay
    private let group: String
    private let context: VerbContext
    /// Whether somebody sits there, who can try again.
    private let isAttended = isatty(STDIN_FILENO) == 1
    private var status = ExitStatus.done

    init(_ replay: InteractiveReplay, of group: String, _ context: VerbContext) {
        self.replay = replay
        self.group = group
        self.context = context
    }

    /// Obeys commands until there are no more.
    ///
    /// - Returns: a finding where an event could not be handled.
    /// - Throws: what a command has wrong, where nobody sits there.
    mutating func run() throws -> ExitStatus {
        try greet()
        while let line = try nextLine() {
            Interrupt.forget()
            do {
                let command = try StepCommand(line)
                if command == .quit { break }
                guard try obey(command) else { return .finding }
            } catch  where isAttended && !error.isClosedOutput {
                try context.messages.line("recount: \(CommandFailure(error).message)")
            }
        }
        return status
    }

    private mutating func greet() throws {
        if let failure = replay.failure {
            status = .finding
            try context.messages.line("recount: the group cannot handle \(failure)")
        }
        guard isAttended, !context.printsJSON else { return }
        try context.output.line(
            "a copy of \(group) at position \(replay.position); 'help' lists the commands, "
                + "an empty line goes to the next event"
        )
    }

    private func nextLine() throws -> String? {
        try context.output.flush()
        if isAttended { try context.messages.write("\(replay.position)> ") }
        try context.messages.flush()
        let line = readLine()
        if isAttended, line == nil { try context.messages.line() }
        return line
    }

    /// Does what a command says; false where the rest would mean something else than was meant.
    private mutating func obey(_ command: StepCommand) throws -> Bool {
        switch command {
        case .move(let move): return try show(move)
        case .tables: try context.show(replay.tables())
        case .rows(let table, let limit):
            var list = RowList(context)
            let limit = limit ?? (isAttended ? StepSession.rowCount : nil)
            let result = try replay.rows(of: table, limit: limit) { list.show($0, $1) }
            try list.end(result, remedy: "'table NAME N' shows N")
        case .query(let sql):
            var list = RowList(context)
            let isGivenUp = { Interrupt.isRaised }
            let result = try replay.query(sql, unless: isGivenUp) { list.show($0, $1) }
            try list.end(result)
        case .help: try showHelp()
        case .quit: break
        }
        return true
    }

    private mutating func show(_ move: ReplayMove) throws -> Bool {
        let progress = ReplayProgress(from: replay.position, context.messages)
        defer { progress.finish() }
        let step = try replay.move(move) { progress.show($0, $1) }
        progress.finish()
        let report = StepReport(step, of: group)
        if context.printsJSON {
            try report.write(to: context.output)
        } else {
            for line in report.lines { try context.output.line(line) }
        }
        if case .failed = step.end { status = .finding }
        return isAttended || step.end != .interrupted
    }

    private func showHelp() throws {
        let forms = StepCommand.forms.map { form in
            let letter = form.letter.map { ", \($0)" } ?? ""
            return ("\(form.name)\(letter) \(form.arguments)", form.explanation)
        }
        try context.messages.write(VerbHelp.list("Commands", forms))
        try context.messages.write("\nEvery command can be shortened as long as it is clear.\n")
    }
}

/// Shows how far a copy has come on a long way.
final class ReplayProgress {
    private let messages: CommandOutput
    private var from: Position
    private var work: WorkProgress?

    init(from position: Position, _ messages: CommandOutput) {
        from = position
        self.messages = messages
    }

    /// Shows that a position is reached; false where the user interrupts.
    func show(_ reached: Position, _ last: Position) -> Bool {
        // A copy that is filled again begins behind.
        if reached < from {
            from = .start
            work = nil
        }
        let total = Int(clamping: last.number - min(last, from).number)
        let work = work ?? WorkProgress("events", of: total, on: messages)
        self.work = work
        work.show(Int(clamping: reached.number - min(reached, from).number))
        return !Interrupt.isRaised
    }

    /// Takes the line away.
    func finish() {
        work?.finish()
    }
}
