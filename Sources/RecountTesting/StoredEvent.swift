import EventModel
import EventSchema
import EventStorage
import JSON
import Testing

/// An event that came back from its stored form as it was.
struct StoredEvent<Event: Sendable>: Sendable {
    let event: Event
    let content: EventContent
}

extension EventCodec {
    /// The events with what is stored of each.
    func stored(
        _ events: [Event],
        at sourceLocation: SourceLocation
    ) throws(ScenarioFailure) -> [StoredEvent<Event>] {
        var stored: [StoredEvent<Event>] = []
        for event in events {
            let content: EventContent
            let returned: Event
            do {
                content = try encode(event)
                returned = try decode(content)
            } catch {
                throw ScenarioFailure("\(error)", at: sourceLocation)
            }
            let differences = differenceLines(from: event, to: returned)
            guard differences.isEmpty else {
                let message = "\(content.form) comes back from the store as another event"
                throw ScenarioFailure(message, differences, at: sourceLocation)
            }
            stored.append(StoredEvent(event: event, content: content))
        }
        return stored
    }
}

extension EventContent {
    /// The content of a stored event that is written down as JSON text.
    init(_ type: EventType, _ revision: UInt32, _ json: String) {
        self.init(form: EventForm(type, revision: revision), payload: Array(json.utf8))
    }

    /// The event to append under an identity that a number gives.
    func pending(_ number: Int, at time: Timestamp?) -> PendingEvent {
        PendingEvent(
            id: EventID(high: 0, low: UInt64(number)),
            type: form.type,
            revision: form.revision,
            eventTime: time,
            payload: payload
        )
    }
}
