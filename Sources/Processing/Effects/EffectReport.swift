public import EventModel
import JSON

/// What happened to an effect, as the stream `$effects` holds it.
public struct EffectReport: Hashable, Sendable {
    /// What happened.
    public enum Fact: Hashable, Sendable {
        /// An attempt was begun, which may have done it.
        case started
        /// It was done.
        case completed
        /// An attempt failed.
        case failed(String)
        /// An operator gave it up in the place of another attempt.
        case givenUp
    }

    /// The identity of the effect.
    public let effect: EventID
    /// The number of the attempt, from 1.
    public let attempt: Int
    /// What happened.
    public let fact: Fact

    /// The stream that tells what happened to effects.
    public static let stream = StreamName("$effects")

    /// Makes a report.
    public init(of effect: EventID, attempt: Int, _ fact: Fact) {
        self.effect = effect
        self.attempt = attempt
        self.fact = fact
    }

    private static let startedType = EventType("EffectStarted")
    private static let completedType = EventType("EffectCompleted")
    private static let failedType = EventType("EffectFailed")
    private static let givenUpType = EventType("EffectGivenUp")

    private var type: EventType {
        switch fact {
        case .started: EffectReport.startedType
        case .completed: EffectReport.completedType
        case .failed: EffectReport.failedType
        case .givenUp: EffectReport.givenUpType
        }
    }

    /// The identity of the event: a store, which has each at most once, lets an attempt begin once,
    /// and never after it was given up; and it can end in one way only.
    private var eventID: EventID {
        let slot =
            switch fact {
            case .started, .givenUp: "begin"
            case .completed, .failed: "end"
            }
        return EventID(hashing: ["effect \(slot)", effect.description, "\(attempt)"])
    }

    /// The report as an event, with what an auditor wants to know of the effect.
    public func event(_ pending: PendingEffect) -> PendingEvent {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("effect", effect.description)
        writer.member("attempt", attempt)
        writer.member("group", pending.group)
        writer.member("kind", pending.kind)
        writer.member("key", pending.key)
        writer.member("event", pending.event.description)
        writer.member("position", pending.position.number)
        writer.member("sequence", pending.sequenceKey)
        if case .failed(let cause) = fact { writer.member("cause", cause) }
        writer.endObject()
        return PendingEvent(id: eventID, type: type, payload: writer.finish())
    }

    /// Reads a report; nothing where the event is none.
    public init?(_ event: RecordedEvent) {
        guard let json = try? JSONValue(parsing: event.payload),
            let effect = json["effect"]?.string.flatMap(EventID.init),
            let attempt = json["attempt"]?.integer.flatMap(Int.init(exactly:)), attempt > 0
        else { return nil }
        switch event.type {
        case EffectReport.startedType: self.init(of: effect, attempt: attempt, .started)
        case EffectReport.completedType: self.init(of: effect, attempt: attempt, .completed)
        case EffectReport.givenUpType: self.init(of: effect, attempt: attempt, .givenUp)
        case EffectReport.failedType:
            self.init(of: effect, attempt: attempt, .failed(json["cause"]?.string ?? ""))
        default: return nil
        }
    }
}
