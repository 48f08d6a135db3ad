import EventLog
import EventModel
import EventStorage
import Recount
import Synchronization

/// Commands to the aggregates of the workload, each to another one until all have had their turn.
final class CommandRounds: Sendable {
    private let workload: Workload
    private let repository: AggregateRepository<BilledSubscription>
    private let payload: BilledPayload
    /// How many commands have been sent.
    private let sentCount = Atomic(0)

    init(_ workload: Workload, _ log: EventLog) {
        self.workload = workload
        repository = AggregateRepository(store: log, now: EventLog.systemTime)
        payload = BilledPayload(
            customer: "cus-12345678",
            plan: "team-yearly",
            period: "2026-11",
            seats: 120,
            currency: "EUR",
            taxRate: 0.19,
            isTrial: false,
            invoice: "inv-12345678",
            reference: "........................",
            amountCents: 12_345_678
        )
    }

    /// What comes behind the category in the name of a stream.
    static func identifier(of stream: Int) -> String {
        String(Workload.stream(stream).text.dropFirst(BilledSubscription.category.text.count + 1))
    }

    /// Carries out commands one after the other; the figure is commands a second.
    func handle(_ count: Int) throws -> Round {
        var hash: UInt64 = 0
        let time = try seconds { hash = try send(count) }
        return Round(values: [Double(count) / time], hash: hash)
    }

    /// Carries out commands of several threads, each of which waits for its own.
    func handle(_ count: Int, callers: Int) throws -> Round {
        let outcome = Mutex<Result<UInt64, any Error>>(.success(0))
        let time = seconds {
            let threads = (0..<callers).map { _ in
                WorkerThread { [self] in
                    let result = Result { try send(count) }
                    outcome.withLock { outcome in
                        outcome = outcome.flatMap { sum in result.map { sum &+ $0 } }
                    }
                }
            }
            threads.forEach { $0.join() }
        }
        let hash = try outcome.withLock { $0 }.get()
        return Round(values: [Double(count * callers) / time], hash: hash)
    }

    /// Carries out commands in groups, each of which is one append, on aggregates that are in
    /// memory; the figure is commands a second.
    func journal(_ groupCount: Int, of size: Int) throws -> Round {
        var session = AggregateSession(repository)
        var hash: UInt64 = 0
        func handleGroup() throws {
            let start = sentCount.add(size, ordering: .relaxed).oldValue
            let orders = (0..<size).map { number in
                AggregateSession<BilledSubscription>.Order(
                    .receivePayment(payload),
                    for: CommandRounds.identifier(of: number % workload.streamCount + 1),
                    metadata: metadata(start + number)
                )
            }
            for outcome in session.handle(orders) { hash &+= try outcome.get().root.hash }
        }
        try handleGroup()
        let time = try seconds { for _ in 0..<groupCount { try handleGroup() } }
        return Round(values: [Double(groupCount * size) / time], hash: hash)
    }

    private func metadata(_ number: Int) -> CommandMetadata {
        CommandMetadata(commandID: EventID(high: 0xC0DE, low: UInt64(number)))
    }

    /// Sends commands; the sum of a number for each aggregate after its command.
    private func send(_ count: Int) throws -> UInt64 {
        var hash: UInt64 = 0
        for _ in 0..<count {
            let number = sentCount.add(1, ordering: .relaxed).oldValue
            let stream = number % workload.streamCount + 1
            let outcome = try repository.handle(
                .receivePayment(payload),
                for: CommandRounds.identifier(of: stream),
                metadata: metadata(number)
            )
            guard outcome.placements.count == 1 else {
                throw BenchmarkError("a command had no event")
            }
            hash &+= outcome.root.hash
        }
        return hash
    }
}
