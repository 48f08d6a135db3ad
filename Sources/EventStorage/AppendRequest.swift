public import EventModel

/// Events to append together, in this order, all or none.
public struct AppendRequest: Hashable, Sendable {
    /// One event and the stream it goes to.
    public struct Entry: Hashable, Sendable {
        /// The stream.
        public var stream: StreamName
        /// The event.
        public var event: PendingEvent

        /// Pairs an event with its stream.
        public init(stream: StreamName, event: PendingEvent) {
            self.stream = stream
            self.event = event
        }
    }

    /// What happens to events that the store holds already.
    public enum Duplicates: Hashable, Sendable {
        /// All must be known (then it is a retry) or none.
        case allOrNone
        /// Those known are left out, the others are appended; for imports.
        case skip
    }

    /// The events in the order of their positions to be.
    public var entries: [Entry]
    /// Where streams must stand before; streams not named may stand anywhere.
    public var expectations: [StreamName: StreamExpectation]
    /// What must not have happened meanwhile, over any streams.
    public var condition: AppendCondition?
    /// What happens to events that the store holds already.
    public var duplicates: Duplicates
    /// How safe the events must be when the call returns.
    public var durability: Durability
    /// Whether the request comes from the system itself, which alone names streams with `$`.
    package var mayNameSystemStreams = false

    /// Makes a request from entries that may go to several streams.
    public init(
        entries: [Entry],
        expectations: [StreamName: StreamExpectation] = [:],
        condition: AppendCondition? = nil,
        duplicates: Duplicates = .allOrNone,
        durability: Durability = .synced
    ) {
        self.entries = entries
        self.expectations = expectations
        self.condition = condition
        self.duplicates = duplicates
        self.durability = durability
    }

    /// Makes a request for one stream.
    public init(
        _ events: [PendingEvent],
        to stream: StreamName,
        expecting expectation: StreamExpectation = .any
    ) {
        self.init(
            entries: events.map { Entry(stream: stream, event: $0) },
            expectations: [stream: expectation]
        )
    }

    /// Makes a request of the system itself for one of its streams.
    package init(ofSystem events: [PendingEvent], to stream: StreamName) {
        self.init(events, to: stream)
        mayNameSystemStreams = true
    }
}

/// What must not have happened after a position, over any streams (a dynamic consistency
/// boundary).
///
/// Source: the specification of dynamic consistency boundaries, https://dcb.events/specification.
public struct AppendCondition: Hashable, Sendable {
    /// A set of events: any of the types, and all of the tags.
    public struct Item: Hashable, Sendable {
        /// The types, any of which matches; empty means every type.
        public var types: [EventType]
        /// The tags, all of which an event must carry.
        public var tags: [EventTag]

        /// Makes an item.
        public init(types: [EventType] = [], tags: [EventTag] = []) {
            self.types = types
            self.tags = tags
        }
    }

    /// The sets of events, any of which matches.
    public var items: [Item]
    /// Events up to and with this position are ignored.
    public var after: Position

    /// Makes a condition.
    public init(failIfEventsMatch items: [Item], after position: Position = .start) {
        self.items = items
        self.after = position
    }
}

/// How safe appended events are.
public enum Durability: Hashable, Sendable {
    /// On disk: the file was synced before the call returned.
    case synced
    /// With the operating system: safe from the death of the process, not of the machine.
    case flushed
}

/// Where the events of a request stand.
public struct AppendResult: Hashable, Sendable {
    /// The place of one event.
    public struct Placement: Hashable, Sendable {
        /// Its position.
        public var position: Position
        /// Its sequence.
        public var sequence: Sequence

        /// Makes a placement.
        public init(position: Position, sequence: Sequence) {
            self.position = position
            self.sequence = sequence
        }
    }

    /// The places, one for each entry, in the order of the request.
    public var placements: [Placement]
    /// How many of the entries the store held already.
    public var duplicateCount: Int
    /// How safe the events are.
    public var durability: Durability

    /// Makes a result.
    public init(placements: [Placement], duplicateCount: Int, durability: Durability) {
        self.placements = placements
        self.duplicateCount = duplicateCount
        self.durability = durability
    }
}
