import EventModel
public import EventSchema
public import EventStorage

/// Upcasters as folds and projections use them: before an event is shown, it is made current.
public struct Upcasting: Sendable {
    private let chain: UpcasterChain
    private let sources: [Source]
    private let fingerprint: String

    /// A form that is not current, in the bytes that events carry.
    private struct Source {
        let type: [UInt8]
        let revision: UInt32
    }

    /// Collects upcasters.
    ///
    /// - Parameters:
    ///   - upcasters: those in force; without any, events stay as they are.
    ///   - fingerprint: tells these upcasters from others, for the fingerprints of folds.
    /// - Throws: an error for the second of two upcasters that take the same form.
    public init(_ upcasters: [Upcaster] = [], fingerprint: String) throws(UpcasterError) {
        chain = try UpcasterChain(upcasters)
        sources = upcasters.map {
            Source(type: Array($0.source.type.text.utf8), revision: $0.source.revision)
        }
        self.fingerprint = fingerprint
    }

    /// Whether every event stays as it is.
    public var isEmpty: Bool { sources.isEmpty }

    /// A fold that sees every event in its current form.
    public func applied(to fold: Fold) -> Fold {
        guard !isEmpty else { return fold }
        return Fold(
            category: fold.category,
            fingerprint: "\(fold.fingerprint), upcasters \(fingerprint)",
            snapshotEvery: fold.snapshotEvery,
            snapshotAfter: fold.snapshotAfter,
            rules: fold.rules
        ) { UpcastingState(state: try fold.makeState(), upcasting: self) }
    }

    /// Shows what a stored event is today: usually one event, sometimes several or none.
    ///
    /// An event in its current form is passed on as it is, without a copy.
    ///
    /// - Throws: ``UpcasterError``; what the closure throws.
    public func forEachCurrent(
        of event: borrowing EventView,
        _ body: (borrowing EventView) throws -> Void
    ) throws {
        var isCurrent = true
        for source in sources
        where source.revision == event.revision && event.type.equals(source.type) {
            isCurrent = false
        }
        guard !isCurrent else { return try body(event) }
        for current in try chain.upcast(event.recorded) {
            var bytes: [UInt8] = []
            EventEncoding.append(
                PendingEvent(
                    id: current.id,
                    type: current.type,
                    revision: current.revision,
                    eventTime: current.eventTime,
                    tags: current.tags,
                    contentType: current.contentType,
                    metadata: current.metadata,
                    payload: current.payload
                ),
                stream: current.stream,
                sequence: current.sequence,
                to: &bytes
            )
            let view = try EventView(
                encoded: bytes.span.bytes,
                position: current.position,
                recordedTime: current.recordedTime
            )
            try body(view)
        }
    }
}

/// A state that sees every event in its current form.
private struct UpcastingState: FoldState {
    var state: any FoldState
    let upcasting: Upcasting

    mutating func apply(_ event: borrowing EventView) throws {
        let upcasting = upcasting
        try upcasting.forEachCurrent(of: event) { try state.apply($0) }
    }

    mutating func load(_ bytes: [UInt8]) throws {
        try state.load(bytes)
    }

    func encoded() throws -> [UInt8] { try state.encoded() }
}
