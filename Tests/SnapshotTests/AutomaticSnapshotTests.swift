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
        operations = Fixture.operations(log, fingerprint: "1")
    }

    private static func operations(_ log: EventLog, fingerprint: String) -> StoreOperations {
        let fold = Fold(category: Category("cart"), fingerprint: fingerprint, snapshotEvery: 4) {
            try Fold.mergeOfPayloads.makeState()
        }
        return StoreOperations(log: log, domain: Domain(folds: Folds([fold])))
    }

    /// The same store with other rules.
    func operations(fingerprint: String) -> StoreOperations {
        Fixture.operations(operations.log, fingerprint: fingerprint)
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

@Test func `snapshots that other rules made are taken anew, and that is told`() throws {
    let fixture = try Fixture()
    for number in 0..<20 {
        try fixture.append(3, to: "cart-\(number)", from: UInt64(number) * 10)
        try fixture.operations.snapshotter.take(of: StreamName("cart-\(number)"))
    }
    try fixture.append(3, to: "cart-without", from: 900)
    // Further on than its events reach now, as after a log was cut: not to be taken for ever.
    var ahead = try #require(
        try fixture.operations.snapshots.newest(
            SnapshotRequest(of: StreamName("cart-7"), fingerprint: "1")
        )
    )
    ahead.sequence = Sequence(50)
    try fixture.operations.snapshots.save(ahead)

    let renewed = fixture.operations(fingerprint: "2")
    let before = try #require(try renewed.snapshotCoverage().first)
    #expect(before.ignoredCount == 21 && before.coveredCount == 0 && before.staleCount == 20)
    let host = StoreHost(renewed)
    try fixture.wait { try !renewed.operations(limit: 1).isEmpty }
    host.stop()
    let entry = try #require(try renewed.operations(limit: 9).first)
    #expect(entry.operatorName == "recount" && entry.target == "all stale")
    #expect(entry.outcome == .completed("took 20 snapshots anew"))
    let after = try #require(try renewed.snapshotCoverage().first)
    #expect(after.ignoredCount == 1 && after.coveredCount == 20)
    #expect(try renewed.snapshots(of: StreamName("cart-without")).isEmpty)

    // The next one finds nothing to do; a snapshot asked for shows that it has begun.
    let next = StoreHost(fixture.operations(fingerprint: "2"))
    try renewed.waitUntilTaken(of: "cart-without")
    next.stop()
    #expect(try renewed.operations(limit: 9).filter { $0.operatorName == "recount" }.count == 1)
}

@Test func `taking snapshots anew ends at once when told to, and the next one goes on`() throws {
    let fixture = try Fixture()
    for number in 0..<400 {
        try fixture.append(1, to: "cart-\(number)", from: UInt64(number))
        try fixture.operations.snapshotter.take(of: StreamName("cart-\(number)"))
    }
    let renewed = fixture.operations(fingerprint: "2")
    func ignoredCount() throws -> Int {
        try renewed.snapshots.totals(of: Category("cart"), fingerprint: "2").ignoredCount
    }
    var left = 400
    while left > 0 {
        let host = StoreHost(renewed)
        try fixture.wait { try ignoredCount() < left }
        host.stop()
        left = try ignoredCount()
    }
    let messages = try renewed.operations(limit: 1000).map { entry in
        guard case .completed(let message) = entry.outcome else { return "\(entry.outcome)" }
        return message
    }
    let counts = messages.compactMap { Int($0.split(separator: " ")[1]) }
    #expect(counts.count == messages.count && counts.reduce(0, +) == 400, "\(messages)")
}

extension StoreOperations {
    /// Asks for a snapshot and waits until somebody took it.
    fileprivate func waitUntilTaken(of stream: String) throws {
        let request = OperationRequest(.snapshotStream(StreamName(stream)), reason: "test")
        let entry = try waitForOutcome(of: try self.request(request), timeoutMilliseconds: 60_000)
        #expect(entry?.outcome.isFinal == true)
    }
}
