public import Recount

/// A believable history of many subscriptions, the same for the same seed.
///
/// Customers come, are billed every month, pay late or not at all, are suspended, recover,
/// get money back, and leave. Every event was decided by ``Subscription`` itself. Event times
/// never decrease and cover two years; from then on ``live(_:at:)`` goes on with what would have
/// come next, at the times it is given.
public struct BillingLoad: DemonstrationLoad {
    private static let spanMicroseconds: Int64 = 730 * 86_400_000_000
    /// How many events a customer has in two years on average, those who came late included.
    private static let eventsOfCustomer = 22

    private let start: Timestamp
    private let eventCount: Int
    private var course: BillingCourse
    /// By how much the course is stretched so that the last event lies at the end.
    private let stretch: Double
    private var waiting: [AppendRequest.Entry] = []
    private var lastTime: Timestamp
    private var nextEventNumber: UInt64 = 0
    private let identityHigh: UInt64
    private let codec = Subscription.codec

    /// How many events have been handed out.
    public private(set) var emittedCount = 0

    /// Starts a history.
    ///
    /// - Parameters:
    ///   - seed: which of many histories.
    ///   - eventCount: how many events shall lie in the two years.
    ///   - end: when the two years end.
    public init(seed: UInt64 = 1, eventCount: Int, through end: Timestamp) {
        precondition(eventCount > 0, "A history has at least one event.")
        self.eventCount = eventCount
        start = Timestamp(microseconds: end.microseconds - BillingLoad.spanMicroseconds)
        lastTime = start
        var random = SeededGenerator(seed: ~seed)
        identityHigh = random.next() & ~0xF000 | 0x8000
        let customerCount = max(1, eventCount / BillingLoad.eventsOfCustomer)
        course = BillingCourse(
            seed: seed,
            arrivalInterval: BillingLoad.spanMicroseconds / Int64(customerCount)
        )
        stretch = BillingLoad.stretch(of: course, to: eventCount)
    }

    /// Rehearses the course to find out when the last event happens.
    private static func stretch(of course: BillingCourse, to eventCount: Int) -> Double {
        var rehearsal = course
        var count = 0
        var time: Int64 = 1
        while count < eventCount {
            let step = rehearsal.next()
            count += step.events.count
            time = max(time, step.time)
        }
        return Double(spanMicroseconds) / Double(time)
    }

    /// The next events of the two years, at most `count`.
    ///
    /// - Returns: a request without events when all have been handed out.
    public mutating func next(_ count: Int) -> AppendRequest {
        let count = min(count, max(0, eventCount - emittedCount))
        while waiting.count < count { work(at: nil) }
        return take(count)
    }

    /// The next events, as if they happened at a time.
    public mutating func live(_ count: Int, at time: Timestamp) -> AppendRequest {
        while waiting.count < count { work(at: time) }
        return take(count)
    }

    private mutating func take(_ count: Int) -> AppendRequest {
        let entries = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        emittedCount += count
        return AppendRequest(entries: entries, durability: .flushed)
    }

    /// Goes on with the course by one step.
    private mutating func work(at liveTime: Timestamp?) {
        let step = course.next()
        let offset = Int64(Double(step.time) * stretch)
        let time = liveTime ?? Timestamp(microseconds: start.microseconds + offset)
        lastTime = max(lastTime, time)
        for event in step.events { add(event, of: course.lives[step.life]) }
    }

    private mutating func add(_ event: SubscriptionEvent, of life: SubscriptionLife) {
        let content = content(of: event)
        nextEventNumber += 1
        let pending = PendingEvent(
            id: EventID(high: identityHigh, low: nextEventNumber | 0x8000_0000_0000_0000),
            type: content.form.type,
            revision: content.form.revision,
            eventTime: lastTime,
            tags: [EventTag(key: "customer", value: life.customer)],
            metadata: event.metadata,
            payload: content.payload
        )
        waiting.append(AppendRequest.Entry(stream: life.stream, event: pending))
    }

    /// What is stored of an event; in the first year, suspensions told no reason.
    private func content(of event: SubscriptionEvent) -> EventContent {
        let year = BillingLoad.spanMicroseconds / 2
        if case .suspended = event, lastTime.microseconds - start.microseconds < year {
            return EventContent(form: "SubscriptionSuspended", payload: Array("{}".utf8))
        }
        do {
            return try codec.encode(event)
        } catch {
            preconditionFailure("An event of this domain can be encoded: \(error)")
        }
    }
}

extension SubscriptionEvent {
    private static let fromCustomer = Array(#"{"actor":"customer-portal"}"#.utf8)
    private static let fromProvider = Array(#"{"actor":"payment-provider"}"#.utf8)
    private static let fromBillingRun = Array(#"{"actor":"billing-run"}"#.utf8)

    /// Who caused an event.
    fileprivate var metadata: [UInt8] {
        switch self {
        case .created, .activated, .cancelled: SubscriptionEvent.fromCustomer
        case .paymentReceived, .paymentFailed: SubscriptionEvent.fromProvider
        default: SubscriptionEvent.fromBillingRun
        }
    }
}
