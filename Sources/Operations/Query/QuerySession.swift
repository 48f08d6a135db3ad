import EventLog
import EventModel
import OperationsModel
import SQLiteDatabase

/// What the virtual tables of one query share; for use by one thread.
final class QuerySession {
    let operations: StoreOperations
    private var seenHead: Position?
    private let interrupter: QueryInterrupter
    private let deadline: ContinuousClock.Instant?
    /// The first failure of a table, which says more than what SQLite makes of it.
    private(set) var failure: OperationsError?
    /// The event whose payload or metadata was handed to SQLite last.
    var readPosition: Position?

    init(
        _ operations: StoreOperations,
        limits: QueryLimits,
        interrupter: QueryInterrupter
    ) {
        self.operations = operations
        self.interrupter = interrupter
        deadline = limits.timeMilliseconds.map { .now + .milliseconds($0) }
    }

    var log: EventLog { operations.log }

    /// The last position the query sees, so that two looks at the log see the same events.
    ///
    /// It is looked up when the first row of the log is asked for. SQLite has begun to read all
    /// groups of the query by then, so that none of them is ahead of what is seen of the log.
    func head() throws(SQLiteError) -> Position {
        if let seenHead { return seenHead }
        let head = try reading { try log.head() }
        seenHead = head
        return head
    }

    /// Whether somebody interrupted the query.
    var isInterrupted: Bool { interrupter.isRaised }

    /// Ends the query where its time is up or it was interrupted.
    ///
    /// SQLite looks at its own limit only between instructions, of which one can read many events.
    func checkTime() throws(SQLiteError) {
        let isLate = deadline.map { ContinuousClock.now >= $0 } ?? false
        guard !isLate, !isInterrupted else {
            throw SQLiteError(code: .interrupted, message: "interrupted")
        }
    }

    /// Runs what a table reads, and keeps the failure.
    func reading<Result>(_ body: () throws -> Result) throws(SQLiteError) -> Result {
        do throws(OperationsError) {
            return try OperationsError.telling(body)
        } catch {
            failure = failure ?? error
            throw SQLiteError(code: .inputOutput, message: error.message)
        }
    }
}
