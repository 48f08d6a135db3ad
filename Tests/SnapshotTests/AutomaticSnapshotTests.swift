import Aggregates
import Disk
import EventLog
import EventModel
import EventStorage
import Operations
import OperationsModel
import RecountTesting
import Testing

/// A store whose carts are saved after every fourth event.
private struct Fixture {
    let directory = TemporaryDirectory()
    let operations: StoreOperations

    init() throws {
        let log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 1),
            options: LogOptions(testing: 1 << 20)
        )
        let fold = Fold(category: Category("cart"), fingerprint: "1", snapshotEvery: 4) {
            try Fold.mergeOfPayloads.makeState()
        }
        operations = StoreOperations(log: log, domain: Domain(folds: Folds([fold])))
    }

    func append(_ count: Int, to stream: String, from number: UInt64) throws {
        _ = try operations.log.append(TestEvents.request(count, to: stream, from: number))
    }

    func sequences(of stream: String) throws -> [UInt64] {
        try operations.snapshots(of: StreamName(stream)).map(\.sequence.number)
    }

    func wait(until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "the condition never came true")
            _ = try operations.log.wait(after: Position(.max), timeoutMilliseconds: 10)
        }
    }
}

@Test func `a running store saves an aggregate after every so many events`() throws {
    let fixture = try Fixture()
    try fixture.append(3, to: "cart-1", from: 0)
    let host = StoreHost(fixture.operations)
    defer { host.stop() }
    // The host follows from the head it finds; a snapshot asked for shows that it has begun.
    _ = try fixture.operations.request(
        OperationRequest(.snapshotStream(StreamName("cart-1")), reason: "test")
    )
    try fixture.wait { try fixture.sequences(of: "cart-1") == [2] }
    try fixture.append(1, to: "cart-1", from: 3)
    try fixture.append(4, to: "order-1", from: 10)
    try fixture.wait { try fixture.sequences(of: "cart-1") == [3, 2] }
    try fixture.append(5, to: "cart-2", from: 20)
    // Taken at the head: the fifth event may have come before the snapshot was.
    try fixture.wait { try !fixture.sequences(of: "cart-2").isEmpty }
    #expect(try fixture.sequences(of: "order-1").isEmpty)
    let state = try fixture.operations.state(of: StreamName("cart-1"), at: .head)
    #expect(state.snapshotSequence == Sequence(3))
}

@Test func `a snapshot asked for is told of when the log can be written again`() throws {
    let fixture = try Fixture()
    try fixture.append(3, to: "cart-1", from: 0)
    let request = try fixture.operations.request(
        OperationRequest(.snapshotStream(StreamName("cart-1")), reason: "test")
    )
    let isStopped = SharedPageWord(3)
    let page = try RealDisk().share(
        fixture.operations.log.directory.log + "/shared",
        writable: true
    )
    page.store(isStopped, 1)
    let host = StoreHost(fixture.operations)
    defer { host.stop() }
    try fixture.wait { try fixture.sequences(of: "cart-1") == [2] }
    // Only a request that is still there has it taken once more.
    try fixture.operations.snapshots.remove(of: StreamName("cart-1"), at: Sequence(2))
    try fixture.wait { try fixture.sequences(of: "cart-1") == [2] }
    page.store(isStopped, 0)
    let entry = try fixture.operations.waitForOutcome(of: request, timeoutMilliseconds: 60_000)
    #expect(entry?.outcome.isFinal == true)
}
