public import EventModel

/// The saved state of an aggregate at one sequence of its stream.
///
/// Derived from the events and therefore disposable: whoever uses one first holds
/// ``position`` and ``eventID`` against the event it claims to follow.
public struct Snapshot: Hashable, Sendable {
    /// The aggregate's stream.
    public var stream: StreamName
    /// The last sequence that went into the state.
    public var sequence: Sequence
    /// The position of the event with that sequence; guards against a log that is another.
    public var position: Position
    /// The identity of that event; guards against a tail that was lost and written anew.
    public var eventID: EventID
    /// The latest event time among all events that went into the state.
    public var latestTime: Timestamp
    /// Which shape and rules the state was folded by; a reader with others ignores it.
    public var fingerprint: String
    /// When it was taken.
    public var takenTime: Timestamp
    /// The state as JSON.
    public var state: [UInt8]

    /// Makes a snapshot from its parts.
    public init(
        stream: StreamName,
        sequence: Sequence,
        position: Position,
        eventID: EventID,
        latestTime: Timestamp,
        fingerprint: String,
        takenTime: Timestamp,
        state: [UInt8]
    ) {
        self.stream = stream
        self.sequence = sequence
        self.position = position
        self.eventID = eventID
        self.latestTime = latestTime
        self.fingerprint = fingerprint
        self.takenTime = takenTime
        self.state = state
    }
}

/// What a list says about one snapshot.
public struct SnapshotListing: Hashable, Sendable {
    /// The last sequence that went into the state.
    public var sequence: Sequence
    /// Which shape and rules the state was folded by.
    public var fingerprint: String
    /// When it was taken.
    public var takenTime: Timestamp
    /// The bytes of the state.
    public var size: Int

    /// Makes a listing from its parts.
    public init(sequence: Sequence, fingerprint: String, takenTime: Timestamp, size: Int) {
        self.sequence = sequence
        self.fingerprint = fingerprint
        self.takenTime = takenTime
        self.size = size
    }

    /// Lists a snapshot.
    public init(_ snapshot: Snapshot) {
        self.init(
            sequence: snapshot.sequence,
            fingerprint: snapshot.fingerprint,
            takenTime: snapshot.takenTime,
            size: snapshot.state.count
        )
    }
}
