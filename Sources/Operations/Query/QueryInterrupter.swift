import SQLiteDatabase
import Synchronization

/// Stops the query that a connection is running, from any thread.
public final class QueryInterrupter: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isRaised = false
        var connection: SQLiteInterrupter?
    }

    /// Makes the running query fail; without one, does nothing.
    public func interrupt() {
        state.withLock { state in
            state.isRaised = true
            state.connection?.interrupt()
        }
    }

    /// Whether the running query was interrupted.
    var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Forgets earlier interruptions: a query begins.
    func begin(on connection: SQLiteInterrupter) {
        state.withLock { $0 = State(connection: connection) }
    }
}
