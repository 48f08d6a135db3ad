import Disk
import EventModel
import EventStorage
@testable import Processing
import RecountTesting

// Sendable: a simulation runs on one thread.
/// A group, its store and the hosts that run it; everything that happens comes from one seed.
final class GroupWorld: @unchecked Sendable {
    var plan: Plan
    let clock = TestClock()
    /// When the event was committed that is being restored; nothing where none is.
    var restoredTime: Timestamp?
    /// The time by the clock that never goes back.
    var uptime = Duration.zero
    private(set) var log: InMemoryEventStore
    let disk = GroupDisk()
    var random: RandomSequence
    var hosts: [SimulatedHost] = []
    /// What comes of a call that a host makes; thrown where it does not return.
    var fate: (SimulatedHost) throws -> Void = { _ in }
    /// What went wrong first.
    private(set) var firstViolation: String?
    private(set) var facts: [EventFact] = []
    /// What each generation took the place of, and itself, so that no other has its identity.
    var snapshots: [ObjectIdentifier: (before: RowsContent, file: RowsFile)] = [:]
    /// The operations that were asked for, in their order.
    private(set) var asked: [Operation] = []
    /// The final outcomes that were told of each operation.
    private(set) var finals: [EventID: Set<OperationOutcome.Result>] = [:]
    /// The operations that the log lost, and that skip events which it lost too.
    private(set) var lostSkips: Set<EventID> = []
    /// Whether no event is poison any more.
    var isMended = false
    var isTraced = false
    private var attempts: [Position: Int] = [:]
    private var lastNumber: UInt64 = 0

    init(_ plan: Plan, seed: UInt64) {
        self.plan = plan
        random = RandomSequence(seed: seed)
        log = InMemoryEventStore(now: clock.now)
    }

    func newHostNumber() -> HostNumber {
        lastNumber += 1
        return HostNumber(lastNumber)
    }

    func newClaim() -> Int64 {
        lastNumber += 1
        return Int64(lastNumber)
    }

    /// Tells what happens, where somebody wants to know.
    func trace(_ text: @autoclosure () -> String) {
        if isTraced { print("\(uptime)", text()) }
    }

    /// Notes what must not be.
    @discardableResult
    func violation(_ description: String) -> Violation {
        firstViolation = firstViolation ?? description
        return Violation(description)
    }

    /// How the handling of an event fails this time.
    func poison(at position: Position) -> Plan.Defect? {
        guard !isMended, let (defect, times) = plan.defect(at: position) else { return nil }
        attempts[position, default: 0] += 1
        return attempts[position, default: 0] <= times ? defect : nil
    }

    func advance(by duration: Duration) {
        uptime += duration
        let (seconds, attoseconds) = duration.components
        clock.advance(bySeconds: Double(seconds) + Double(attoseconds) / 1e18)
        for host in hosts where !host.isFrozen { host.storage?.beat() }
    }

    // MARK: Events and operations

    /// Puts another log in the place of this one, once all hosts are gone.
    func replaceLog(by other: InMemoryEventStore) throws {
        log = other
        let told = finals
        facts = []
        finals = [:]
        try learn()
        let known = Set(try log.events(EventSelection(.stream(Operation.stream))).map(\.id))
        for operation in asked where !known.contains(operation.id) {
            guard case .skip(_, let position) = operation.act, position > log.head() else {
                continue
            }
            lostSkips.insert(operation.id)
        }
        // What was obeyed and told is not told again, unless it is obeyed once more.
        asked = asked.filter {
            known.contains($0.id) && (told[$0.id] == nil || finals[$0.id] != nil)
        }
    }

    func append(_ count: Int) throws {
        for _ in 0..<count {
            lastNumber += 1
            let event = PendingEvent(
                id: EventID(high: 0xE4E7, low: lastNumber),
                type: Plan.types[random.next(below: 3)],
                payload: Array("{}".utf8)
            )
            let stream = StreamName("cart-\(random.next(below: plan.streamCount))")
            _ = try log.append(AppendRequest([event], to: stream))
        }
        try learn()
    }

    @discardableResult
    func ask(_ act: Operation.Act) throws -> EventID {
        lastNumber += 1
        let operation = Operation(
            id: EventID(high: 0x0A5C, low: lastNumber),
            act: act,
            operatorName: "ana",
            host: "here",
            reason: "test"
        )
        asked.append(operation)
        trace("ask \(operation.id.low): \(act)")
        _ = try log.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
        try learn()
        return operation.id
    }

    /// Learns of the events that were appended, and of what was told of operations.
    func learn() throws {
        let after = facts.last?.position ?? .start
        try log.read(EventSelection(after: after)) { event in
            let key = plan.sequencing.key(of: event)
            let fact = EventFact(
                position: event.position,
                key: key,
                hash: SequenceHash(of: key).bits,
                isHandled: !event.isOfSystemStream && event.eventType != Plan.unhandledType
            )
            facts.append(fact)
            guard event.isOfSystemStream, let outcome = OperationOutcome(event.recorded),
                outcome.result != .started
            else { return .more }
            trace("told \(outcome.operation.low): \(outcome.result) \(outcome.message)")
            finals[outcome.operation, default: []].insert(outcome.result)
            if finals[outcome.operation, default: []].count > 1 {
                violation("operation \(outcome.operation) has several final outcomes")
            }
            return .more
        }
    }

    /// What came of an operation.
    func result(of operation: EventID) -> OperationOutcome.Result? { finals[operation]?.first }

    // MARK: Hosts

    @discardableResult
    func start() -> SimulatedHost {
        let host = SimulatedHost(self)
        trace("start \(lastNumber)")
        hosts.append(host)
        return host
    }

    /// Removes a host that has died; what it had locked is free.
    func bury(_ host: SimulatedHost) {
        trace("gone \(host.numbers.last?.bits ?? 0)")
        for number in host.numbers { disk.freeLocks(of: number) }
        hosts.removeAll { $0 === host }
    }
}
