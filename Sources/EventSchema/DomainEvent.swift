public import EventModel

/// A kind of event together with the form that its payload has.
public struct EventForm: Hashable, Sendable, CustomStringConvertible {
    /// The kind of event.
    public let type: EventType
    /// Which form of the type it is, from 1.
    public let revision: UInt32

    /// Makes a form; the first one of its type unless said otherwise.
    public init(_ type: EventType, revision: UInt32 = 1) {
        self.type = type
        self.revision = revision
    }

    /// The type and, in brackets, the revision.
    public var description: String { "\(type) (revision \(revision))" }
}

/// The part of an event that its schema decides: what it is, and its payload.
public struct EventContent: Hashable, Sendable {
    /// The type and revision.
    public var form: EventForm
    /// The fact itself as JSON.
    public var payload: [UInt8]

    /// Makes a content from its parts.
    public init(form: EventForm, payload: [UInt8]) {
        self.form = form
        self.payload = payload
    }
}

/// The events of an aggregate as an enumeration, one case for each type.
///
/// Only the names need to be written down, since they outlive the code:
/// ```swift
/// enum SubscriptionEvent: DomainEvent {
///     case activated(plan: String, priceMills: Int)
///     case suspended(reason: String)
///     case invoiced(Invoice)
///
///     static let forms = EventForms(
///         prefix: "Subscription",
///         cases: "activated", "suspended", "invoiced"
///     ).revised("suspended", to: 2)
/// }
/// ```
/// stores `SubscriptionActivated` with the payload `{"plan":…,"priceMills":…}`. A case with one
/// unnamed part has that part as its payload, so that an event can be a structure of its own.
public protocol DomainEvent: Codable, Sendable {
    /// How the cases are stored.
    static var forms: EventForms { get }
}

/// The stored names and revisions of an enumeration's cases.
///
/// Names must not change once events have been stored: a case that is renamed in the code keeps
/// its old name here.
public struct EventForms: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// A case with its form.
    struct NamedForm: Hashable {
        let name: String
        let form: EventForm
    }

    private var byCase: [String: EventForm] = [:]
    private var byType: [EventType: NamedForm] = [:]
    /// The forms in the order in which they were named.
    public private(set) var all: [EventForm] = []

    /// Names cases by a prefix and their own name: `activated` becomes `SubscriptionActivated`.
    public init(prefix: String = "", cases names: String...) {
        for name in names {
            let capitalized = name.prefix(1).uppercased() + name.dropFirst()
            add(name, EventForm(EventType(prefix + capitalized)))
        }
    }

    /// Names cases one by one, as in `["activated": "SubscriptionActivated"]`.
    public init(dictionaryLiteral elements: (String, EventForm)...) {
        for (name, form) in elements { add(name, form) }
    }

    private mutating func add(_ name: String, _ form: EventForm) {
        precondition(byCase[name] == nil, "The case \(name) must be named only once.")
        precondition(byType[form.type] == nil, "The type \(form.type) must have one case.")
        byCase[name] = form
        byType[form.type] = NamedForm(name: name, form: form)
        all.append(form)
    }

    /// The same forms with another current revision of a case's payload.
    ///
    /// - Precondition: the case has been named.
    public func revised(_ name: String, to revision: UInt32) -> EventForms {
        guard let form = byCase[name] else {
            preconditionFailure("The case \(name) must be named before it is revised.")
        }
        var copy = self
        let revised = EventForm(form.type, revision: revision)
        copy.byCase[name] = revised
        copy.byType[form.type] = NamedForm(name: name, form: revised)
        copy.all = all.map { $0 == form ? revised : $0 }
        return copy
    }

    /// The form of a case; nothing where it has not been named.
    func form(ofCase name: String) -> EventForm? { byCase[name] }

    /// The case and the current form of a type; nothing where no case has it.
    func named(_ type: EventType) -> NamedForm? { byType[type] }
}

extension EventForm: ExpressibleByStringLiteral {
    /// Makes the first form of a type.
    public init(stringLiteral value: String) {
        self.init(EventType(value))
    }
}
