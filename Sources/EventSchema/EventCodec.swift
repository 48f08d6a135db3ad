public import EventModel
import JSON

/// Why an event and its stored form do not fit together.
public struct EventCodecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What does not fit; as text, with what to do about it.
    public enum Reason: Hashable, Sendable, CustomStringConvertible {
        /// No case of the events has this type.
        case unknownType
        /// The current form has another revision, and no upcaster has led to it.
        case otherRevision(UInt32, current: UInt32)
        /// The payload does not have what the event needs; the text says where and what.
        case payload(String)
        /// The event cannot be encoded; the text says why.
        case event(String)

        /// What does not fit, and what to do about it, as a clause.
        public var description: String {
            switch self {
            case .unknownType: "no event has this type; add a case or an upcaster"
            case .otherRevision(let revision, let current) where revision < current:
                "the current revision is \(current); add an upcaster from revision \(revision) "
                    + "to \(current)"
            case .otherRevision(_, let current):
                "the current revision is \(current); the event was written by a later program"
            case .payload(let detail): "the payload does not fit: \(detail)"
            case .event(let detail): "the event cannot be stored: \(detail)"
            }
        }
    }

    /// The type of the event; nothing where it could not be found out.
    public let form: EventForm?
    /// What does not fit.
    public let reason: Reason

    /// Makes an error from its parts.
    public init(form: EventForm?, reason: Reason) {
        self.form = form
        self.reason = reason
    }

    /// The form, what does not fit, and what to do about it.
    public var description: String {
        "\(form.map(\.description) ?? "an event"): \(reason)"
    }
}

/// Translates between the events of an aggregate and what is stored of them.
public struct EventCodec<Event: Sendable>: Sendable {
    /// Every form that is written and can be read.
    public let forms: [EventForm]
    private let encoding: @Sendable (Event) throws(EventCodecError) -> EventContent
    private let decoding: @Sendable (EventForm, Span<UInt8>) throws(EventCodecError) -> Event

    /// Makes a codec from the two directions.
    ///
    /// - Parameters:
    ///   - forms: every form that `encode` gives and `decode` takes.
    ///   - encode: tells what to store of an event.
    ///   - decode: makes an event from a form and its payload.
    public init(
        forms: [EventForm],
        encode: @escaping @Sendable (Event) throws(EventCodecError) -> EventContent,
        decode: @escaping @Sendable (EventForm, Span<UInt8>) throws(EventCodecError) -> Event
    ) {
        self.forms = forms
        encoding = encode
        decoding = decode
    }

    /// What to store of an event.
    ///
    /// - Throws: `event` for a case that has no name or a value that JSON has no form for.
    public func encode(_ event: Event) throws(EventCodecError) -> EventContent {
        try encoding(event)
    }

    /// The event that was stored.
    ///
    /// - Throws: `unknownType`, `otherRevision`, or `payload` with what is missing or wrong.
    public func decode(
        _ form: EventForm,
        payload: Span<UInt8>
    ) throws(EventCodecError) -> Event {
        try decoding(form, payload)
    }

    /// The event that was stored.
    ///
    /// - Throws: `unknownType`, `otherRevision`, or `payload` with what is missing or wrong.
    public func decode(_ content: EventContent) throws(EventCodecError) -> Event {
        try decoding(content.form, content.payload.span)
    }

    /// The event that was recorded.
    ///
    /// - Throws: `unknownType`, `otherRevision`, or `payload` with what is missing or wrong.
    public func decode(_ event: RecordedEvent) throws(EventCodecError) -> Event {
        let form = EventForm(event.type, revision: event.revision)
        return try decoding(form, event.payload.span)
    }
}

extension EventCodec where Event: DomainEvent {
    /// Makes the codec of an enumeration from the names of its cases.
    public init() {
        let forms = Event.forms
        self.init(
            forms: forms.all,
            encode: { event throws(EventCodecError) in
                try EventCodec.content(of: event, forms)
            },
            decode: { form, payload throws(EventCodecError) in
                guard let named = forms.named(form.type) else {
                    throw EventCodecError(form: form, reason: .unknownType)
                }
                let current = named.form.revision
                guard current == form.revision else {
                    let reason = EventCodecError.Reason.otherRevision(
                        form.revision,
                        current: current
                    )
                    throw EventCodecError(form: form, reason: reason)
                }
                do {
                    let context = try DecodingContext(parsing: payload)
                    defer { context.finish() }
                    let place = DecodingPlace(context: context, index: 0)
                    return try Event(from: CasePlace(name: named.name, payload: place))
                } catch {
                    let reason = EventCodecError.Reason.payload(EventCodecError.describe(error))
                    throw EventCodecError(form: form, reason: reason)
                }
            }
        )
    }

    /// Encodes the case with its parts, and takes its name and the parts out of the result.
    private static func content(
        of event: Event,
        _ forms: EventForms
    ) throws(EventCodecError) -> EventContent {
        let context = EncodingContext()
        let bytes: [UInt8]
        do {
            bytes = try context.text(of: event)
        } catch {
            throw EventCodecError(form: nil, reason: .event(EventCodecError.describe(error)))
        }
        let (cases, parts) = (context.outer, context.inner)
        guard cases.count == 1 else {
            let detail = "it is not encoded as a case with its parts"
            throw EventCodecError(form: nil, reason: .event(detail))
        }
        guard let form = forms.form(ofCase: cases.last) else {
            let detail = "the case \(cases.last) has no stored name"
            throw EventCodecError(form: nil, reason: .event(detail))
        }
        // Around the parts stands one bracket, around the only unnamed part stand two.
        let isOnePart = parts.count == 1 && parts.last == "_0"
        let payload =
            isOnePart
            ? bytes[parts.valueStart..<bytes.count - 2] : bytes[cases.valueStart..<bytes.count - 1]
        return EventContent(form: form, payload: Array(payload))
    }
}

extension EventCodecError {
    /// What an error of `Codable` is about, with the way to the place.
    package static func describe(_ error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            let steps = path.map { key in
                key.intValue.map { JSONPath.Step.index($0) } ?? .key(key.stringValue.excerpt)
            }
            return steps.isEmpty ? "" : " at \(JSONPath(steps))"
        }
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            return "\(key.stringValue) is missing\(place(context.codingPath))"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            return "\(context.debugDescription)\(place(context.codingPath))"
        case EncodingError.invalidValue(_, let context):
            return "\(context.debugDescription)\(place(context.codingPath))"
        default:
            return "\(error)"
        }
    }
}

extension String {
    /// The text as it stands in a message, which must not be as long as a payload.
    var excerpt: String {
        let sizeMax = 80
        return utf8.count > sizeMax ? prefix(sizeMax) + "…" : self
    }
}
