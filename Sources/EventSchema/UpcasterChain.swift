public import EventModel

/// Applies upcasters one after the other until none is left for the form reached.
public struct UpcasterChain: Sendable {
    private let upcasters: [EventForm: Upcaster]
    /// The highest revision of a type that upcasters are known to lead to.
    private var currentRevisions: [EventType: UInt32] = [:]

    /// Makes a chain without upcasters, which leaves events as they are.
    public init() {
        upcasters = [:]
    }

    /// Makes a chain.
    ///
    /// - Throws: an error for the second of two upcasters that take the same form, and for
    ///   upcasters whose known targets lead in a circle.
    public init(_ upcasters: [Upcaster]) throws(UpcasterError) {
        var known: [EventForm: Upcaster] = [:]
        for upcaster in upcasters {
            guard known.updateValue(upcaster, forKey: upcaster.source) == nil else {
                throw UpcasterError(form: upcaster.source, reason: "two upcasters take it")
            }
        }
        self.upcasters = known
        for upcaster in upcasters {
            try refuseCircle(from: upcaster)
            for target in upcaster.targets ?? [] {
                let known = currentRevisions[target.type] ?? 0
                currentRevisions[target.type] = max(target.revision, known)
            }
        }
    }

    private func refuseCircle(from upcaster: Upcaster) throws(UpcasterError) {
        var reached: Set<EventForm> = []
        var waiting = upcaster.targets ?? []
        while let form = waiting.popLast() {
            if form == upcaster.source { throw UpcasterError.circle(through: form) }
            guard reached.insert(form).inserted else { continue }
            waiting += upcasters[form]?.targets ?? []
        }
    }

    /// Some types, and those of which upcasters may make one of them.
    public func sourceTypes(leadingTo types: Set<EventType>) -> Set<EventType> {
        var known = types
        var knownCount: Int
        repeat {
            knownCount = known.count
            for upcaster in upcasters.values {
                let leads = upcaster.targets?.contains { known.contains($0.type) } ?? true
                if leads { known.insert(upcaster.source.type) }
            }
        } while known.count > knownCount
        return known
    }

    /// Whether a form is not current: an upcaster takes it, or one is missing that should.
    public func applies(to form: EventForm) -> Bool {
        upcasters[form] != nil || isBehind(form)
    }

    /// Whether upcasters lead to a later revision of the type, but none of them from this one.
    private func isBehind(_ form: EventForm) -> Bool {
        currentRevisions[form.type].map { form.revision < $0 } ?? false
    }

    /// What an event is today.
    ///
    /// - Returns: usually one event; several or none where an upcaster says so, in order.
    /// - Throws: an error for a payload that an upcaster cannot read, for a revision that lies
    ///   before the current one and that no upcaster takes, and for upcasters that lead in a
    ///   circle.
    public func upcast(
        _ content: EventContent,
        in context: UpcastingContext
    ) throws(UpcasterError) -> [EventContent] {
        var current: [EventContent] = []
        var waiting = [(content: content, stepCount: 0)]
        while let (next, stepCount) = waiting.popLast() {
            guard let upcaster = upcasters[next.form] else {
                if isBehind(next.form) { throw missingUpcaster(from: next.form) }
                current.append(next)
                continue
            }
            // Without a circle, no upcaster is met twice on the way to one event.
            guard stepCount < upcasters.count else {
                throw UpcasterError.circle(through: content.form)
            }
            do {
                let results = try upcaster.transform(next, context)
                waiting += results.reversed().map { ($0, stepCount + 1) }
            } catch {
                throw UpcasterError(form: next.form, reason: "\(error)")
            }
        }
        return current
    }

    /// What a recorded event is today, everything but type, revision and payload unchanged.
    ///
    /// - Returns: usually one event; several with the same position and identity, or none,
    ///   where an upcaster says so.
    /// - Throws: what ``upcast(_:in:)`` throws.
    public func upcast(_ event: RecordedEvent) throws(UpcasterError) -> [RecordedEvent] {
        let form = EventForm(event.type, revision: event.revision)
        guard applies(to: form) else { return [event] }
        let context = UpcastingContext(event)
        let content = EventContent(form: form, payload: event.payload)
        return try upcast(content, in: context).map(context.event)
    }

    private func missingUpcaster(from form: EventForm) -> UpcasterError {
        let current = currentRevisions[form.type] ?? form.revision
        let reason = "no upcaster takes it; add one from revision \(form.revision) to \(current)"
        return UpcasterError(form: form, reason: reason)
    }
}

extension UpcasterError {
    fileprivate static func circle(through form: EventForm) -> UpcasterError {
        UpcasterError(form: form, reason: "the upcasters lead in a circle")
    }
}
