import Aggregates
import EventModel
import EventSchema
import EventStorage
import Testing

@Test func `a snapshot of a stream is taken once for the same head`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 3)
    let first = try #require(try bank.snapshotter.take(of: stream))
    #expect(first.sequence == Sequence(3))
    #expect(first.latestTime == Timestamp(microseconds: 30))
    try bank.snapshotter.take(of: stream)
    #expect(bank.snapshots.list(of: stream) == [SnapshotListing(first)])
    #expect(try bank.snapshotter.take(of: StreamName("account-none")) == nil)
}

@Test func `the stale streams of a category are saved, the others left alone`() throws {
    let bank = Bank()
    for number in 0..<5 {
        try bank.fill("\(number)", deposits: 5, seed: UInt64(number) * 100)
    }
    try bank.snapshotter.take(of: Account.stream("2"))
    var seen = 0
    let progress = try bank.snapshotter.takeStale(of: Account.category) { progress in
        seen = progress.seenCount
        return true
    }
    #expect(progress.streamCount == 5 && progress.takenCount == 4 && seen == 5)
    // Nine events follow the snapshots: the next is due after ten.
    for (count, taken) in [(9, 0), (1, 1)] {
        for _ in 0..<count {
            let head = bank.store.head().number
            let event = try bank.pending(.deposited(cents: 1), number: 1000 + head, time: 0)
            _ = try bank.store.append(AppendRequest([event], to: Account.stream("2")))
        }
        #expect(try bank.snapshotter.takeStale(of: Account.category).takenCount == taken)
    }
    #expect(bank.snapshots.list(of: Account.stream("2")).count == 2)
}

@Test func `saving a category stops when told to`() throws {
    let bank = Bank()
    for number in 0..<5 {
        try bank.fill("\(number)", deposits: 5, seed: UInt64(number) * 100)
    }
    let progress = try bank.snapshotter.takeStale(of: Account.category) { $0.seenCount < 2 }
    #expect(progress.takenCount == 2)
}

@Test func `a stream that cannot be folded does not stop the others`() throws {
    let bank = Bank()
    try bank.fill("1", deposits: 1)
    let odd = PendingEvent(id: EventID(high: 9, low: 9), type: "AccountRenamed", payload: [])
    _ = try bank.store.append(AppendRequest([odd], to: Account.stream("0")))
    let progress = try bank.snapshotter.takeStale(of: Account.category)
    #expect(progress.takenCount == 1 && progress.failedCount == 1)
    #expect(progress.firstFailure?.stream == Account.stream("0"))
}

@Test func `coverage tells the stream that is furthest from a snapshot`() throws {
    let bank = Bank()
    try bank.fill("1", deposits: 30)
    try bank.fill("2", deposits: 7, seed: 100)
    try bank.snapshotter.take(of: Account.stream("1"))
    let coverage = try bank.snapshotter.coverage(of: Account.category)
    #expect(coverage.every == 10)
    #expect(coverage.streams.count == 2 && coverage.coveredCount == 1)
    #expect(coverage.snapshotCount == 1 && coverage.size > 0)
    #expect(coverage.worst?.stream == Account.stream("2"))
    #expect(coverage.worst?.eventsAfterCount == 8)
}

@Test func `a snapshot that replay does not lead to is found`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 9)
    var snapshot = try #require(try bank.snapshotter.take(of: stream))
    #expect(try bank.snapshotter.wrongSnapshots(of: stream) == [])
    snapshot.state = Array(#"{"owner":"Ana","balanceCents":8,"eventCount":10}"#.utf8)
    bank.snapshots.save(snapshot)
    #expect(try bank.snapshotter.wrongSnapshots(of: stream) == [SnapshotListing(snapshot)])
}
