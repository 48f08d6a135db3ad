public import Recount

/// A believable history of many subscriptions, the same for the same seed.
///
/// Customers come, are billed every month, pay late or not at all, are suspended, recover,
/// get money back, and leave. Every event was decided by ``Subscription`` itself. Event times
/// never decrease and cover two years; from then on ``live(_:at:)`` goes on with what would have
/// come next, at the times it is given.
public struct BillingLoad: DemonstrationLoad {
    private static let spanMicroseconds: Int64 = 730 * 86_400_000_000

    private let start: Timestamp
    private let end: Timestamp
    private let eventCount: Int
    private var random: SeededGenerator
    private var agenda = Agenda()
    private var lives: [SubscriptionLife] = []
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
        self.end = end
        self.eventCount = eventCount
        start = Timestamp(microseconds: end.microseconds - BillingLoad.spanMicroseconds)
        lastTime = start
        random = SeededGenerator(seed: seed)
        identityHigh = SeededGenerator(seed: ~seed).nextValue & ~0xF000 | 0x8000
        agenda.add(Appointment(time: start.microseconds, life: nil))
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

    /// Keeps the next appointment on the agenda.
    private mutating func work(at liveTime: Timestamp?) {
        guard let appointment = agenda.removeFirst() else {
            preconditionFailure("New customers are always on the agenda.")
        }
        let time = liveTime ?? min(Timestamp(microseconds: appointment.time), end)
        lastTime = max(lastTime, time)
        guard let number = appointment.life else {
            welcome(at: appointment.time)
            return
        }
        let step = lives[number].step(&random)
        for event in step.events { add(event, of: number) }
        if let delay = step.delay {
            agenda.add(Appointment(time: appointment.time + delay, life: number))
        }
    }

    /// A new customer, and the appointment with the one after.
    private mutating func welcome(at time: Int64) {
        let number = lives.count
        lives.append(SubscriptionLife(number: number, &random))
        agenda.add(Appointment(time: time, life: number))
        // Customers come faster where the history falls behind its plan, so that it ends in time.
        let elapsed = Double(time - start.microseconds) / Double(BillingLoad.spanMicroseconds)
        let planned = Double(eventCount) * elapsed * elapsed
        let actual = Double(nextEventNumber)
        let ratio = min(4, max(0.25, (actual + 20) / (planned + 20)))
        let customerCount = max(1, Double(eventCount) / 26)
        let average = Double(BillingLoad.spanMicroseconds) / customerCount
        agenda.add(Appointment(time: time + max(1, Int64(average * ratio)), life: nil))
    }

    private mutating func add(_ event: SubscriptionEvent, of number: Int) {
        let content = content(of: event)
        nextEventNumber += 1
        let pending = PendingEvent(
            id: EventID(high: identityHigh, low: nextEventNumber | 0x8000_0000_0000_0000),
            type: content.form.type,
            revision: content.form.revision,
            eventTime: lastTime,
            tags: [EventTag(key: "customer", value: lives[number].customer)],
            metadata: event.metadata,
            payload: content.payload
        )
        waiting.append(AppendRequest.Entry(stream: lives[number].stream, event: pending))
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

extension SeededGenerator {
    /// The first number of a generator that is used once.
    fileprivate var nextValue: UInt64 {
        var copy = self
        return copy.next()
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
