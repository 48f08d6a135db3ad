import EventModel
import EventStorage
import ReadModels
import SQLiteDatabase
import Synchronization

/// Handles everything, and takes its time as long as a brake is on.
struct BrakedProjection: Projection {
    let name = "braked"
    let tables = ["CREATE TABLE braked (number INTEGER PRIMARY KEY)"]
    let eventTypes: [EventType]? = nil
    let isIdempotent = false
    let brake = Brake()

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        Handler(brake)
    }

    final class Brake: Sendable {
        private let isPulled = Atomic(false)

        var isOn: Bool {
            get { isPulled.load(ordering: .acquiring) }
            set { isPulled.store(newValue, ordering: .releasing) }
        }
    }

    private final class Handler: ProjectionHandler {
        let brake: Brake

        init(_ brake: Brake) {
            self.brake = brake
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            if brake.isOn { WorkerThread.pause(microseconds: 20_000) }
            return true
        }
    }
}
