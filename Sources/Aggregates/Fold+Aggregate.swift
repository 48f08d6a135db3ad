import EventModel
import EventSchema
import EventStorage

extension Fold {
    /// The fold of an aggregate written in Swift, with its state as JSON.
    ///
    /// - Parameters:
    ///   - type: the aggregate.
    ///   - upcasting: the upcasters by which its events are made current.
    public init<Root: Aggregate & Codable>(
        _ type: Root.Type,
        upcasting: Upcasting = Root.upcasting
    ) {
        let codec = Root.codec
        self.init(
            category: Root.category,
            fingerprint: Root.fingerprint,
            snapshotEvery: Root.snapshotEvery,
            snapshotAfter: Root.snapshotAfter,
            upcasting: upcasting
        ) { AggregateFoldState<Root>(codec: codec) }
    }
}

extension Aggregate {
    /// Differs when the fields of the state, their types, or the revision of the rules differ.
    static var fingerprint: String {
        let shape = shape(of: Self())
        return "\(Self.self) \(rulesRevision) \(StableHash(of: shape))"
    }
}

/// The fields of a value and their types, structures inside it included.
private func shape(of value: Any, depth: Int = 0) -> String {
    let mirror = Mirror(reflecting: value)
    let isStructure = mirror.displayStyle == .struct || mirror.displayStyle == .class
    guard isStructure, !mirror.children.isEmpty, depth < 8 else {
        return "\(mirror.subjectType)"
    }
    let fields = mirror.children.map {
        "\($0.label ?? "_"):\(shape(of: $0.value, depth: depth + 1))"
    }
    return "\(mirror.subjectType){\(fields.joined(separator: ","))}"
}

/// The state of an aggregate written in Swift.
private struct AggregateFoldState<Root: Aggregate & Codable>: FoldState {
    let codec: EventCodec<Root.Event>
    var root = Root()

    mutating func apply(_ event: borrowing EventView) throws {
        root.evolve(try codec.decode(event))
    }

    mutating func load(_ state: [UInt8]) throws {
        root = try JSONEventDecoder().decode(Root.self, from: state)
    }

    func encoded() throws -> [UInt8] {
        try JSONEventEncoder().encode(root)
    }
}

extension EventCodec {
    /// The event that a store shows.
    func decode(_ event: borrowing EventView) throws(EventCodecError) -> Event {
        let form = EventForm(event.eventType, revision: event.revision)
        return try event.payload.withUnsafeBytes { bytes throws(EventCodecError) in
            try decode(form, payload: bytes.bindMemory(to: UInt8.self).span)
        }
    }
}
