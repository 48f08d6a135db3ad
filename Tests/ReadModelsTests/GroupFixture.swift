import EventModel
import EventStorage
import Processing
import ReadModels
import RecountTesting
import Synchronization
import Testing

/// A store, a directory, and groups whose projection can be exchanged.
final class GroupFixture<Subject: Projection>: Sendable {
    let directory = TemporaryDirectory()
    let clock = TestClock()
    let store: InMemoryEventStore
    let projection: Mutex<Subject>

    init(_ projection: sending Subject) {
        self.projection = Mutex(projection)
        store = InMemoryEventStore(now: clock.now)
    }

    func group(_ name: String) -> ReadModelGroup {
        ReadModelGroup(name: name, directory: directory.path) { [self] in
            [projection.withLock { $0 }]
        }
    }

    func run(_ names: String..., body: (ProcessorHost) throws -> Void) rethrows {
        let host = ProcessorHost(names.map(group), store: store, process: 1, now: clock.now)
        defer { host.stop() }
        try body(host)
    }

    func append(_ count: Int, from number: UInt64) throws {
        _ = try store.append(TestEvents.request(count, to: "cart-1", from: number))
    }

    func ask(_ act: Operation.Act, _ number: UInt64) throws {
        let operation = Operation(
            id: EventID(high: 0x0A5C, low: number),
            act: act,
            operatorName: "ana",
            host: "here",
            reason: "test"
        )
        _ = try store.append(AppendRequest(ofSystem: [operation.event], to: Operation.stream))
    }

    func observe(_ name: String) throws -> GroupObserver.Observation {
        try GroupObserver(files: group(name).files).observe()
    }

    /// Waits for a condition, which must come true within a time no machine needs.
    func wait(until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "the condition never came true")
            _ = store.wait(after: Position(.max), timeoutMilliseconds: 5)
        }
    }

    func result(of number: UInt64) throws -> OperationOutcome.Result? {
        try outcomes(of: number).last?.result
    }

    /// Everything that was told of an operation.
    func outcomes(of number: UInt64) throws -> [OperationOutcome] {
        try store.events(EventSelection(.stream(Operation.stream)))
            .compactMap(OperationOutcome.init)
            .filter { $0.operation == EventID(high: 0x0A5C, low: number) }
    }
}
