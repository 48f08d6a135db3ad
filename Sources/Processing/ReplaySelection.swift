public import EventModel
public import EventStorage

/// Which of the events behind a replay's start are handled again.
public struct ReplaySelection: Hashable, Sendable {
    /// The last event to be handled again; nothing means: as far as the group has come.
    public let end: Position?
    /// The streams whose events are; empty means every stream.
    public let streams: Set<StreamName>
    /// The types that are; empty means every type.
    public let types: Set<EventType>
    private let streamNames: [[UInt8]]
    private let typeNames: [[UInt8]]

    /// Makes a selection; without arguments that of every event.
    public init(
        end: Position? = nil,
        streams: Set<StreamName> = [],
        types: Set<EventType> = []
    ) {
        self.end = end
        self.streams = streams
        self.types = types
        // In an order, so that equal selections are equal here too.
        streamNames = streams.map(\.text).sorted().map { Array($0.utf8) }
        typeNames = types.map(\.text).sorted().map { Array($0.utf8) }
    }

    /// Whether it is every event.
    public var isAll: Bool { end == nil && streams.isEmpty && types.isEmpty }

    /// Whether an event is of a stream and of a type that are handled again.
    public func contains(_ event: borrowing EventView) -> Bool {
        contains(event.stream, among: streamNames) && contains(event.type, among: typeNames)
    }

    private func contains(_ name: RawSpan, among names: [[UInt8]]) -> Bool {
        if names.isEmpty { return true }
        for other in names where name.equals(other) { return true }
        return false
    }
}
