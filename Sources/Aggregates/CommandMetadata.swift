public import EventModel
import JSON

/// Where a command comes from and what it belongs to, as its events will tell.
public struct CommandMetadata: Hashable, Sendable {
    /// The identity of the command; its events derive theirs from it, so that a command that is
    /// sent again has no effect.
    public var commandID: EventID
    /// What the command belongs to as a whole, such as a request of a customer; the command itself
    /// where nothing is given.
    public var correlationID: String?
    /// What the command follows from, such as the identity of an event; nothing but the command
    /// itself where nothing is given.
    public var causationID: String?
    /// Who sent it; what ``CommandOrigin`` tells where nothing is given.
    public var actor: String?
    /// When its events happened; nothing means: when they are recorded.
    public var eventTime: Timestamp?

    /// Makes metadata; only the identity has no default.
    public init(
        commandID: EventID,
        correlationID: String? = nil,
        causationID: String? = nil,
        actor: String? = nil,
        eventTime: Timestamp? = nil
    ) {
        self.commandID = commandID
        self.correlationID = correlationID
        self.causationID = causationID
        self.actor = actor
        self.eventTime = eventTime
    }

    /// Makes the metadata of a command that follows from an event, and belongs to what it belongs
    /// to.
    public init(commandID: EventID, following event: RecordedEvent) {
        let metadata = try? JSONValue(parsing: event.metadata)
        self.init(
            commandID: commandID,
            correlationID: metadata?["correlationId"]?.string ?? event.id.description,
            causationID: event.id.description
        )
    }

    /// The metadata of the events, as JSON without what is not known.
    public func json(from origin: CommandOrigin) -> [UInt8] {
        let command = commandID.description
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("commandId", command)
        writer.member("correlationId", correlationID ?? command)
        writer.member("causationId", causationID ?? command)
        if let actor = actor ?? origin.actor { writer.member("actor", actor) }
        if let build = origin.build { writer.member("build", build) }
        writer.endObject()
        return writer.finish()
    }

    /// The identity of the event with an index among those of the command.
    ///
    /// The same for the same command and index; different ones never share it but by a chance of
    /// 1 to 2^122. It has the form of a UUID of version 8 (RFC 9562 §5.8).
    public func eventID(_ index: Int) -> EventID {
        var high = commandID.high
        var low = commandID.low
        var key = UInt64(truncatingIfNeeded: index) &+ 1
        for _ in 0..<2 {
            high ^= mixed(low &+ key &* 0x9E37_79B9_7F4A_7C15)
            key = mixed(key)
            low ^= mixed(high &+ key &* 0xD1B5_4A32_D192_ED03)
            key = mixed(key)
        }
        return EventID(
            high: high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000,
            low: low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
    }
}

/// Which program carries out commands, and for whom unless a command says otherwise.
public struct CommandOrigin: Hashable, Sendable {
    /// Who sends commands that do not tell.
    public var actor: String?
    /// The version of the program, so that every event tells which rules decided it.
    public var build: String?

    /// Names a program.
    public init(actor: String? = nil, build: String? = nil) {
        self.actor = actor
        self.build = build
    }
}

/// Spreads every bit of a number over all of the result (the finish of SplitMix64).
private func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
}
