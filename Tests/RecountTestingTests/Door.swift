import Aggregates
import EventModel
import EventSchema
import EventStorage
import JSON
import ReadModels
import SQLiteDatabase

/// A door, the smallest aggregate with a rule, an upcaster, and events that cannot be stored.
struct Door: Aggregate, Codable, Hashable {
    enum Command: Sendable {
        case open(by: String)
        case close
        case measure(metres: Double)
        case paint(Paint)
        case forget
    }

    enum Event: DomainEvent, Hashable {
        case opened(by: String)
        case closed
        case measured(metres: Double)
        case painted(Paint)
        case forgotten

        static let forms: EventForms = [
            "opened": EventForm("DoorOpened", revision: 2),
            "closed": "DoorClosed",
            "measured": "DoorMeasured",
            "painted": "DoorPainted",
        ]
    }

    /// A paint that loses its gloss when it is stored.
    struct Paint: Codable, Hashable {
        var colour: String
        var gloss = 0

        private enum CodingKeys: CodingKey {
            case colour
        }
    }

    enum Rejection: Error {
        case alreadyOpen(by: String)
        case alreadyMeasured
    }

    static let category = Category("door")
    static var upcasters: [Upcaster] {
        [
            Upcaster("DoorOpened", from: 1, to: 2) { payload in
                ["by": payload["who"] ?? "nobody"]
            }
        ]
    }

    private(set) var openedBy: String?
    private(set) var metres: Double?
    private(set) var squareMetres: Double?
    private(set) var paint: Paint?

    func decide(_ command: Command) throws(Rejection) -> [Event] {
        switch command {
        case .open(let name):
            if let openedBy { throw .alreadyOpen(by: openedBy) }
            return [.opened(by: name)]
        case .close:
            return openedBy == nil ? [] : [.closed]
        case .measure(let metres):
            guard self.metres == nil else { throw .alreadyMeasured }
            return [.measured(metres: metres)]
        case .paint(let paint): return [.painted(paint)]
        case .forget: return [.forgotten]
        }
    }

    mutating func evolve(_ event: Event) {
        switch event {
        case .opened(let name): openedBy = name
        case .closed: openedBy = nil
        case .measured(let metres):
            self.metres = metres
            squareMetres = metres * metres
        case .painted(let paint):
            self.paint = Paint(colour: paint.colour, gloss: self.paint == nil ? 0 : 1)
        case .forgotten: break
        }
    }
}

/// How often each door was opened, by whom last, and when.
struct Openings: Projection {
    let name = "openings"
    let tables = [
        """
        CREATE TABLE openings (
            door TEXT PRIMARY KEY, count INTEGER NOT NULL, last TEXT, time TEXT
        )
        """
    ]
    let eventTypes: [EventType]? = ["DoorOpened"]
    var isIdempotent = false
    /// The types it handles, whatever it says.
    var handledTypes: [EventType] = ["DoorOpened"]
    /// What is added to the count for an event.
    var step = "1"

    func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let upsert = try database.prepare(
            """
            INSERT INTO openings VALUES (?1, 1, ?2, ?3)
            ON CONFLICT DO UPDATE SET count = count + \(step), last = ?2, time = ?3
            """
        )
        return Handler(upsert, handledTypes)
    }

    private final class Handler: ProjectionHandler {
        private let upsert: SQLiteStatement
        private let handledTypes: [EventType]

        init(_ upsert: SQLiteStatement, _ handledTypes: [EventType]) {
            self.upsert = upsert
            self.handledTypes = handledTypes
        }

        func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
            guard handledTypes.contains(event.eventType) else { return false }
            let payload = try JSONValue(parsing: event.recorded.payload)
            try upsert.bind(.text(event.streamName.identifier), at: 1)
            try upsert.bind(payload["by"]?.string.map { .text($0) } ?? .null, at: 2)
            try upsert.bind(.text(event.eventTime.description), at: 3)
            try upsert.run()
            return true
        }
    }
}
