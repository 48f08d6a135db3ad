public import EventModel
public import JSON

/// Turns an old stored form of an event into a newer one when it is read.
///
/// It gives type, revision and payload only: identity, times, stream and positions of an event
/// never change, and the stored bytes stay as they are. It must give the same for the same event
/// at any time, since read models and snapshots are made from what it gives:
/// ```swift
/// Upcaster("SubscriptionSuspended", from: 1, to: 2) { $0.merging(patch: ["reason": "unknown"]) }
/// Upcaster("HeartbeatSeen") { _ in [] }
/// ```
public struct Upcaster: Sendable {
    /// The form that it takes.
    public let source: EventForm
    /// Every form that it may give; nothing where only the event decides that.
    public let targets: [EventForm]?
    let transform: @Sendable (EventContent, UpcastingContext) throws -> [EventContent]

    /// Makes an upcaster that looks at the event's surroundings too, and may give any number of
    /// events.
    ///
    /// - Parameters:
    ///   - source: the form that it takes.
    ///   - targets: every form that it may give; nothing where only the event decides that. What
    ///     is known here is checked before the first event is read.
    ///   - transform: gives what the event is today: one event, several, or none to drop it.
    ///     What it throws becomes the reason of an ``UpcasterError``.
    public init(
        _ source: EventForm,
        targets: [EventForm]? = nil,
        transform: @escaping @Sendable (EventContent, UpcastingContext) throws -> [EventContent]
    ) {
        self.source = source
        self.targets = targets
        self.transform = transform
    }

    /// Makes an upcaster that may give any number of events in any form, by the content alone.
    public init(
        _ source: EventForm,
        transform: @escaping @Sendable (EventContent) throws -> [EventContent]
    ) {
        self.init(source) { content, _ in try transform(content) }
    }

    /// Makes an upcaster from one revision of a type to a later one that looks at the event's
    /// surroundings too.
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
        payload: @escaping @Sendable (JSONValue, UpcastingContext) throws -> JSONValue
    ) {
        let target = EventForm(renamed ?? type, revision: to)
        self.init(EventForm(type, revision: from), targets: [target]) { content, context in
            let value = try payload(JSONValue(parsing: content.payload), context)
            return [EventContent(form: target, payload: value.bytes())]
        }
    }

    /// Makes an upcaster from one revision of a type to a later one, by the payload alone.
    public init(
        _ type: EventType,
        from: UInt32,
        to: UInt32,
        renamed: EventType? = nil,
        payload: @escaping @Sendable (JSONValue) throws -> JSONValue
    ) {
        self.init(type, from: from, to: to, renamed: renamed) { value, _ in try payload(value) }
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
