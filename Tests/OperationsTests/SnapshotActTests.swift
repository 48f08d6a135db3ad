import Aggregates
import EventModel
import EventStorage
import OperationsModel
import Processing
import Testing

@testable import Operations

/// The same snapshot, made by other rules than those in force.
private func outdate(_ stream: String, in operations: StoreOperations) throws {
    let fingerprint = Fold.mergeOfPayloads.fingerprint
    let request = SnapshotRequest(of: StreamName(stream), fingerprint: fingerprint)
    var snapshot = try #require(try operations.snapshots.newest(request))
    try operations.snapshots.remove(of: snapshot.stream, at: snapshot.sequence)
    snapshot.fingerprint += " before"
    try operations.snapshots.save(snapshot)
}

@Test func `what is stale is taken in all categories, and told step by step`() throws {
    let fixture = try Fixture()
    let operations = fixture.operations
    for stream in ["bill-1", "bill-2", "cart-1", "cart-2", "cart-3", "cart"] {
        try fixture.append(2, to: stream)
        _ = try operations.takeSnapshots(.snapshotStream(StreamName(stream)))
    }
    try fixture.append(1, to: "cart-without")
    for stream in ["bill-2", "cart-3", "cart"] { try outdate(stream, in: operations) }
    let coverage = try operations.snapshotCoverage()
    #expect(coverage.map(\.staleCount) == [1, 2] && coverage.map(\.ignoredCount) == [1, 2])

    var steps: [[Int]] = []
    let stopped = try operations.takeSnapshots(.snapshotStale()) { progress in
        steps.append([progress.seenCount, progress.streamCount, progress.takenCount])
        return progress.seenCount < 4
    }
    #expect(stopped == "saved 2 of 7 streams")
    #expect(steps == [[1, 7, 0], [2, 7, 1], [3, 7, 2], [4, 7, 2]])
    #expect(try operations.takeSnapshots(.snapshotStale()) == "saved 1 of 7 streams")
    #expect(try operations.snapshotCoverage().map(\.staleCount) == [0, 0])
    #expect(try operations.snapshots(of: StreamName("cart-without")).isEmpty)
}

@Test func `categories are found however their names lie between each other`() throws {
    let fixture = try Fixture()
    let streams = ["cart", "cart-1", "cart,x-1", "cart-2", "cart.", "cart.-1", "carton-1", "b-1-2"]
    for stream in streams { try fixture.append(1, to: stream) }
    let categories = ["b", "cart", "cart,x", "cart.", "carton"]
    #expect(try fixture.log.categories().map(\.text) == categories)
    #expect(try fixture.operations.snapshotCoverage().map(\.category.text) == categories)
    #expect(try fixture.operations.snapshotCoverage().map(\.streamCount) == [1, 3, 1, 2, 1])
}

@Test func `a pace spaces out what is taken and does not make up for lost time`() {
    var pace = Pace(perSecond: 4)
    #expect(pace.pause(at: .seconds(10)) == .milliseconds(250))
    #expect(pace.pause(at: .milliseconds(10_260)) == .milliseconds(240))
    #expect(pace.pause(at: .seconds(20)) == .zero)
    #expect(pace.pause(at: .milliseconds(20_100)) == .milliseconds(150))
    var slowest = Pace(perSecond: 0)
    #expect(slowest.pause(at: .zero) == .seconds(1))
}
