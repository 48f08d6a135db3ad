import Aggregates
import EventModel
import EventSchema

/// A shelf: neither its state nor its events are `Codable`, and its rejection has no equality.
struct Shelf: Aggregate {
    enum Command: Sendable {
        case put(Set<String>, depth: Int)
    }

    struct Event: Sendable {
        var names: Set<String>
    }

    struct Place: Sendable {
        var row: Int
        var label: String?
    }

    struct Full: Error {}

    static let category = Category("shelf")
    static var codec: EventCodec<Event> {
        EventCodec(
            forms: ["ThingsPut"],
            encode: { event in
                let payload = Array(event.names.sorted().joined(separator: " ").utf8)
                return EventContent(form: "ThingsPut", payload: payload)
            },
            decode: { _, payload in
                let text = payload.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
                return Event(names: Set(text.split(separator: " ").map(String.init)))
            }
        )
    }

    var names: Set<String> = []
    var places: [String: Place] = [:]

    func decide(_ command: Command) throws(Full) -> [Event] {
        switch command {
        case .put(let names, let depth):
            guard depth < 3 else { throw Full() }
            return [Event(names: names)]
        }
    }

    mutating func evolve(_ event: Event) {
        for name in event.names {
            names.insert(name)
            places[name] = Place(row: names.count, label: nil)
        }
    }
}
