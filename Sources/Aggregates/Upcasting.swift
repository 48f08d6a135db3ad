import EventModel
public import EventSchema
public import EventStorage

/// Upcasters as folds and projections use them: before an event is shown, it is made current.
public struct Upcasting: Sendable {
    private let upcasters: [Upcaster]
    private let chain: UpcasterChain
    private let staleForms: [StaleForms]
    /// A text that differs when the upcasters do.
    let fingerprint: String

    /// The revisions of a type that are not current, in the bytes that events carry.
    private struct StaleForms {
        let type: [UInt8]
        /// Those that upcasters take.
        var revisions: [UInt32] = []
        /// The revision below which every one is stale, whether an upcaster takes it or is missing.
        var current: UInt32 = 0

        func contains(_ event: borrowing EventView) -> Bool {
            let isStale = event.revision < current || revisions.contains(event.revision)
            return isStale && event.type.equals(type)
        }
    }

    /// No upcasters: every event stays as it is.
    public init() {
        upcasters = []
        chain = UpcasterChain()
        staleForms = []
        fingerprint = ""
    }

    /// Collects upcasters.
    ///
    /// - Parameters:
    ///   - upcasters: those in force; without any, events stay as they are.
    ///   - fingerprint: tells these upcasters from others, for the fingerprints of folds.
    /// - Throws: an error for the second of two upcasters that take the same form, and for
    ///   upcasters that lead in a circle.
    public init(_ upcasters: [Upcaster], fingerprint: String) throws(UpcasterError) {
        self.upcasters = upcasters
        chain = try UpcasterChain(upcasters)
        self.fingerprint = fingerprint
        var forms: [EventType: StaleForms] = [:]
        func change(_ type: EventType, _ body: (inout StaleForms) -> Void) {
            body(&forms[type, default: StaleForms(type: Array(type.text.utf8))])
        }
        for upcaster in upcasters {
            change(upcaster.source.type) { $0.revisions.append(upcaster.source.revision) }
            for target in upcaster.targets ?? [] {
                change(target.type) { $0.current = max($0.current, target.revision) }
            }
        }
        staleForms = Array(forms.values)
    }

    /// These upcasters, and those of others that take a form which none of these takes.
    ///
    /// - Throws: an error where together they lead in a circle.
    public func joined(with others: Upcasting) throws(UpcasterError) -> Upcasting {
        if isEmpty { return others }
        if others.isEmpty { return self }
        let sources = sources
        return try Upcasting(
            upcasters + others.upcasters.filter { !sources.contains($0.source) },
            fingerprint: "\(fingerprint) and \(others.fingerprint)"
        )
    }

    /// The forms that upcasters take.
    public var sources: Set<EventForm> { Set(upcasters.map(\.source)) }

    /// Whether every event stays as it is.
    public var isEmpty: Bool { upcasters.isEmpty }

    /// Some types, and those of which upcasters may make one of them.
    func sourceTypes(leadingTo types: Set<EventType>) -> Set<EventType> {
        chain.sourceTypes(leadingTo: types)
    }

    /// Whether a stored event is in its current form.
    ///
    /// - Complexity: proportional to the types that upcasters are for.
    func isCurrent(_ event: borrowing EventView) -> Bool {
        for forms in staleForms where forms.contains(event) { return false }
        return true
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
        guard !isCurrent(event) else { return try body(event) }
        for current in try chain.upcast(event.recorded) { try current.withView(body) }
    }
}

/// A state that sees every event in its current form.
struct UpcastingState: FoldState {
    var state: any FoldState
    let upcasting: Upcasting

    mutating func apply(_ event: borrowing EventView) throws {
        guard !upcasting.isCurrent(event) else { return try state.apply(event) }
        // An event that has become several goes in as a whole or not at all.
        var next = state
        try upcasting.forEachCurrent(of: event) { try next.apply($0) }
        state = next
    }

    mutating func load(_ bytes: [UInt8]) throws {
        try state.load(bytes)
    }

    func encoded() throws -> [UInt8] { try state.encoded() }
}
