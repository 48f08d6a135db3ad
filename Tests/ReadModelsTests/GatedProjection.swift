import EventModel
import EventStorage
import ReadModels
import SQLiteDatabase

/// Handles everything, but not the event at position 7 before a gate is opened.
struct GatedProjection: Projection {
    let name = "gated"
    let tables = ["CREATE TABLE gated (number INTEGER PRIMARY KEY)"]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false
    let gate = Gate()

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        Handler(gate)
    }

    /// Opened once.
    final class Gate: Sendable {
        private let opened = ChangeSignal()

        func open() {
            opened.raise()
        }

        func wait() {
            while opened.value == 0 { opened.wait(since: 0, timeoutMilliseconds: 1000) }
        }
    }

    private final class Handler: ProjectionHandler {
        let gate: Gate

        init(_ gate: Gate) {
            self.gate = gate
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            if event.position == Position(7) { gate.wait() }
            return true
        }
    }
}
