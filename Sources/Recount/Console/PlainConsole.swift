import ConsoleViews
import EventLog
import EventModel
import EventStorage
import Operations
import OperationsModel

/// The console as lines of text, for terminals and people that a full screen does not suit.
struct PlainConsole {
    private let operations: StoreOperations
    private let output: CommandOutput

    /// How long to wait at most before looking again although no event came.
    private static let waitMilliseconds = 1000
    /// How long to wait at least, however fast events come.
    private static let spacingMilliseconds = 200

    /// Makes a console that writes lines.
    init(_ operations: StoreOperations, output: CommandOutput) {
        self.operations = operations
        self.output = output
    }

    /// Tells how the store stands, and each change of it until the program is interrupted.
    func run() throws {
        Interrupt.catchSignals()
        var report = PlainReport()
        let pause = ChangeSignal()
        while !Interrupt.isRaised {
            for line in lines(&report) { try output.line(line) }
            try output.flush()
            pause.wait(since: pause.value, timeoutMilliseconds: Self.spacingMilliseconds)
            _ = try? operations.log.wait(
                after: Position(.max),
                timeoutMilliseconds: Self.waitMilliseconds
            )
        }
    }

    private func lines(_ report: inout PlainReport) -> [String] {
        do {
            return report.lines(
                status: try operations.status(),
                problems: try operations.problems(),
                processors: try operations.processors()
            )
        } catch {
            return report.lines(failure: error, at: EventLog.systemTime())
        }
    }
}
