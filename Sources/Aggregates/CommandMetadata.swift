public import EventModel
import JSON

/// Where a command comes from and what it belongs to, as its events will tell.
public struct CommandMetadata: Hashable, Sendable {
    /// The identity of the command; its events derive theirs from it, so that a command that is
    /// sent again has no effect.
    public var commandID: EventID
    /// What the command belongs to as a whole, such as a request of a customer.
    public var correlationID: String?
    /// What the command follows from, such as the identity of an event.
    public var causationID: String?
    /// Who sent it.
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

    /// The metadata of the events, as JSON without what is not given.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("commandId", commandID.description)
        if let correlationID { writer.member("correlationId", correlationID) }
        if let causationID { writer.member("causationId", causationID) }
        if let actor { writer.member("actor", actor) }
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

/// Spreads every bit of a number over all of the result (the finish of SplitMix64).
private func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
}
