import Recount

/// A projection that takes every event and does nothing with it.
struct EmptyProjection: Projection {
    let name: String
    let tables: [String] = []
    var eventTypes: [EventType]?
    let isIdempotent = true

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        EmptyHandler()
    }
}

private final class EmptyHandler: ProjectionHandler {
    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool { true }
}
