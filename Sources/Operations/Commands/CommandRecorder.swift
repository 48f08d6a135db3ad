public import Aggregates
public import EventModel
import EventStorage

/// Keeps what commands take where other processes can see it, about every second.
public final class CommandRecorder: Sendable {
    /// What repositories count into.
    public let statistics: CommandStatistics
    private let database: CommandDatabase
    private let now: TimeSource
    private let isStopping: StopFlag
    private let thread: WorkerThread

    /// Starts to record.
    ///
    /// - Parameters:
    ///   - statistics: what repositories count into; nobody else takes from it.
    ///   - database: where it is kept.
    ///   - now: tells in which hour commands were carried out.
    public init(
        _ statistics: CommandStatistics,
        in database: CommandDatabase,
        now: @escaping TimeSource
    ) {
        self.statistics = statistics
        self.database = database
        self.now = now
        let isStopping = StopFlag()
        self.isStopping = isStopping
        thread = WorkerThread {
            var isLast = false
            repeat {
                isStopping.wait(milliseconds: 1000)
                // Asked before: what is counted after the end was asked for is nobody's.
                isLast = isStopping.isRaised
                // Commands are carried out all the same; what is lost are figures.
                try? database.add(statistics.take(), at: now())
            } while !isLast
        }
    }

    /// Records what is left and ends; to be called once.
    public func stop() {
        isStopping.raise()
        thread.join()
    }
}
