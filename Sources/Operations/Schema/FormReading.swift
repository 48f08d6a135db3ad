public import Aggregates
public import EventModel
public import EventSchema

/// What became of the events of one category in one form when they were read.
public struct FormReading: Hashable, Sendable {
    /// The category.
    public let category: Category
    /// The form in which the events are stored.
    public let form: EventForm
    /// How many events there are.
    public internal(set) var eventCount: UInt64 = 0
    /// How many of them cannot be read.
    public internal(set) var failureCount: UInt64 = 0
    /// The first that cannot be read, with what is missing; nothing where all can.
    public internal(set) var firstFailure: RejectedEvent?
    /// Whether an upcaster, a rule or a projection is for the events.
    public internal(set) var isMentioned = false

    init(category: Category, form: EventForm) {
        self.category = category
        self.form = form
    }

    /// Takes in a failure; the one with the lowest position stays as the example.
    ///
    /// Who refuses an event is for it, so that it is mentioned.
    mutating func note(_ failure: RejectedEvent) {
        failureCount += 1
        isMentioned = true
        keepFirst(failure)
    }

    /// Takes in what another reader found of the same form.
    mutating func add(_ other: FormReading) {
        eventCount += other.eventCount
        failureCount += other.failureCount
        isMentioned = isMentioned || other.isMentioned
        if let failure = other.firstFailure { keepFirst(failure) }
    }

    private mutating func keepFirst(_ failure: RejectedEvent) {
        if let first = firstFailure, first.position <= failure.position { return }
        firstFailure = failure
    }
}

/// What reading a whole store with today's program and model has found.
public struct SchemaReading: Sendable {
    /// One entry for each form of each category, sorted by category, type and revision.
    public let forms: [FormReading]
    /// How many streams were read.
    public let streamCount: Int

    /// Puts together what several readers have found.
    init(_ readings: [FormReading], streamCount: Int) {
        var byCategory: [Category: [EventForm: FormReading]] = [:]
        for reading in readings {
            let fresh = FormReading(category: reading.category, form: reading.form)
            byCategory[reading.category, default: [:]][reading.form, default: fresh].add(reading)
        }
        forms = byCategory.values.flatMap(\.values).sorted {
            ($0.category, $0.form.type, $0.form.revision)
                < ($1.category, $1.form.type, $1.form.revision)
        }
        self.streamCount = streamCount
    }

    /// How many events were read.
    public var eventCount: UInt64 { forms.reduce(0) { $0 + $1.eventCount } }

    /// The forms of which at least one event cannot be read.
    public var unreadable: [FormReading] { forms.filter { $0.failureCount > 0 } }

    /// The forms that can be read, and that nothing is done with.
    public var unmentioned: [FormReading] {
        forms.filter { $0.failureCount == 0 && !$0.isMentioned }
    }
}
