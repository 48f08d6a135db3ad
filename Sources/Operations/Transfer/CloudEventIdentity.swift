import EventModel
import Processing

/// Turns what identifies a CloudEvent into what identifies an event.
///
/// A CloudEvent is identified by its source together with its id, from which an ``EventIDHasher``
/// derives the event id, in this order. So one CloudEvent always becomes the same event, wherever
/// and however often it is imported, and two that differ never become one.
struct CloudEventIdentity: ~Copyable {
    /// The source of events that were not imported, whose id is the event id itself.
    ///
    /// It is the same for every store, so that a copy of a store exports the same bytes.
    static let ownSource = "urn:recount:event"

    private let hasher = EventIDHasher()

    /// The event id of the CloudEvent with a source and an id, both in UTF-8.
    func eventID(source: Span<UInt8>, id: Span<UInt8>) -> EventID {
        hasher.add(source)
        hasher.add(id)
        return hasher.finish()
    }
}
