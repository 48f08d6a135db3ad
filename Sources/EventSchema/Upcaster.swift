public import EventModel
public import JSON

/// Turns an old stored form of an event into a newer one when it is read.
///
/// It sees type, revision and payload only: identity, times, stream and positions of an event
/// never change, and the stored bytes stay as they are.
public struct Upcaster: Sendable {
    /// The form that it takes.
    public let source: EventForm
    let transform: @Sendable (EventContent) throws -> [EventContent]

    /// Makes an upcaster that may give any number of events in any form.
    ///
    /// - Parameters:
    ///   - source: the form that it takes.
    ///   - transform: gives what the event is today: one event, several, or none to drop it.
    ///     What it throws becomes the reason of an ``UpcasterError``.
    public init(
        _ source: EventForm,
        transform: @escaping @Sendable (EventContent) throws -> [EventContent]
    ) {
        self.source = source
        self.transform = transform
    }

    /// Makes an upcaster from one revision of a type to a later one.
    ///
    /// - Parameters:
    ///   - type: the type before.
    ///   - from: the revision that it takes.
    ///   - to: the revision that it gives.
    ///   - renamed: the type afterwards; nothing where it stays.
    ///   - payload: changes the payload. What it throws becomes the reason of an error.
    public init(
        _ type: EventType,
        from: UInt32,
        to: UInt32,
        renamed: EventType? = nil,
        payload: @escaping @Sendable (JSONValue) throws -> JSONValue
    ) {
        let target = EventForm(renamed ?? type, revision: to)
        self.init(EventForm(type, revision: from)) { content in
            let value = try payload(JSONValue(parsing: content.payload))
            return [EventContent(form: target, payload: value.bytes())]
        }
    }
}

/// Why a stored event could not be brought into its current form.
public struct UpcasterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The form that could not be changed.
    public let form: EventForm
    /// Why, as a clause.
    public let reason: String

    /// Makes an error from its parts.
    public init(form: EventForm, reason: String) {
        self.form = form
        self.reason = reason
    }

    /// The form and the reason.
    public var description: String { "\(form) cannot be upcast: \(reason)" }
}

/// Applies upcasters one after the other until none is left for the form reached.
public struct UpcasterChain: Sendable {
    private static let stepsMax = 1000
    private let upcasters: [EventForm: Upcaster]

    /// Makes a chain; without upcasters, events stay as they are.
    ///
    /// - Throws: an error for the second of two upcasters that take the same form.
    public init(_ upcasters: [Upcaster] = []) throws(UpcasterError) {
        var known: [EventForm: Upcaster] = [:]
        for upcaster in upcasters {
            guard known.updateValue(upcaster, forKey: upcaster.source) == nil else {
                throw UpcasterError(form: upcaster.source, reason: "two upcasters take it")
            }
        }
        self.upcasters = known
    }

    /// Whether a form is not current.
    public func applies(to form: EventForm) -> Bool {
        !upcasters.isEmpty && upcasters[form] != nil
    }

    /// What an event is today.
    ///
    /// - Returns: usually one event; several or none where an upcaster says so, in order.
    /// - Throws: an error for a payload that an upcaster cannot read and for upcasters that
    ///   lead in a circle.
    public func upcast(_ content: EventContent) throws(UpcasterError) -> [EventContent] {
        guard applies(to: content.form) else { return [content] }
        var current: [EventContent] = []
        var waiting = [content]
        var steps = 0
        while let next = waiting.popLast() {
            guard let upcaster = upcasters[next.form] else {
                current.append(next)
                continue
            }
            steps += 1
            guard steps <= UpcasterChain.stepsMax else {
                throw UpcasterError(form: content.form, reason: "the upcasters lead in a circle")
            }
            do {
                waiting.append(contentsOf: try upcaster.transform(next).reversed())
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
    /// - Throws: what ``upcast(_:)-(EventContent)`` throws.
    public func upcast(_ event: RecordedEvent) throws(UpcasterError) -> [RecordedEvent] {
        let form = EventForm(event.type, revision: event.revision)
        guard applies(to: form) else { return [event] }
        return try upcast(EventContent(form: form, payload: event.payload)).map { content in
            RecordedEvent(
                position: event.position,
                stream: event.stream,
                sequence: event.sequence,
                recordedTime: event.recordedTime,
                eventTime: event.eventTime,
                id: event.id,
                type: content.form.type,
                revision: content.form.revision,
                tags: event.tags,
                contentType: event.contentType,
                metadata: event.metadata,
                payload: content.payload
            )
        }
    }
}
