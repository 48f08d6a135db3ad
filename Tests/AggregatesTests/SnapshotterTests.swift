import Aggregates
import EventModel
import EventSchema
import EventStorage
import JSON
import RecountTesting
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
    #expect(coverage.streamCount == 2 && coverage.coveredCount == 1 && coverage.staleCount == 0)
    #expect(coverage.totals.snapshotCount == 1 && coverage.totals.size > 0)
    #expect(coverage.outliers.map(\.stream) == [Account.stream("2")])
    #expect(coverage.outliers.map(\.eventsAfterCount) == [8])
}

@Test func `outliers are the streams with the longest tails, worst first`() throws {
    let bank = Bank()
    for number in 0..<25 {
        try bank.fill("\(number)", deposits: number * 7 % 25, seed: UInt64(number) * 100)
    }
    try bank.snapshotter.take(of: Account.stream("7"))
    let outliers = try bank.snapshotter.coverage(of: Account.category).outliers
    // The stream with 24 deposits is saved and has no tail.
    #expect(outliers.map(\.eventsAfterCount) == (15...24).reversed().map { UInt64($0) })
}

@Test func `snapshots of other rules are counted as ignored, and taken anew as stale`() throws {
    let bank = Bank()
    for number in 0..<3 {
        try bank.fill("\(number)", deposits: 5, seed: UInt64(number) * 100)
        try bank.snapshotter.take(of: Account.stream("\(number)"))
    }
    try bank.fill("new", deposits: 2, seed: 900)
    try bank.fill("long", deposits: 11, seed: 1000)
    bank.outdateSnapshots(of: Account.stream("1"))
    let before = try bank.snapshotter.coverage(of: Account.category)
    #expect(before.totals.ignoredCount == 1 && before.totals.snapshotCount == 3)
    #expect(before.coveredCount == 2 && before.staleCount == 2)
    let progress = try bank.snapshotter.takeStale(of: Account.category, .stale)
    #expect(progress.takenCount == 2 && progress.seenCount == 5)
    let after = try bank.snapshotter.coverage(of: Account.category)
    #expect(after.totals.ignoredCount == 0 && after.coveredCount == 4 && after.staleCount == 0)
}

@Test func `a load that took longer than the rules allow leaves a snapshot`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 5)
    for (milliseconds, isTaken) in [(5, false), (6, true)] {
        let snapshotter = bank.snapshotter(eachLoadTaking: .milliseconds(milliseconds))
        let state = try snapshotter.load(stream)
        #expect(state.last?.sequence == Sequence(5) && state.snapshotSequence == nil)
        #expect(bank.snapshots.list(of: stream).isEmpty == !isTaken)
    }
    let saved = bank.snapshots.list(of: stream)
    _ = try bank.snapshotter(eachLoadTaking: .seconds(1)).load(stream)
    #expect(bank.snapshots.list(of: stream) == saved, "there was nothing to shorten")
}

@Test func `a repository saves an aggregate that took long to load`() throws {
    let bank = Bank()
    let clock = StepClock(.milliseconds(6))
    let repository = AggregateRepository<SlowAccount>(
        store: bank.store,
        snapshots: bank.snapshots,
        now: bank.clock.now,
        elapsed: clock.elapsed
    )
    let stream = try bank.fill("1", deposits: 5)
    clock.step = .milliseconds(5)
    #expect(try repository.load("1").snapshotSequence == nil)
    #expect(bank.snapshots.list(of: stream).isEmpty)
    clock.step = .milliseconds(6)
    #expect(try repository.load("1").root.eventCount == 6)
    #expect(bank.snapshots.list(of: stream).map(\.sequence) == [Sequence(5)])
    let loaded = try repository.load("1")
    #expect(loaded.snapshotSequence == Sequence(5) && loaded.root.eventCount == 6)
}

@Test func `a long fold leaves snapshots on its way`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 3000)
    try bank.snapshotter.take(of: stream)
    #expect(bank.snapshots.list(of: stream).map(\.sequence.number) == [3000, 2047, 1023])
    #expect(try bank.snapshotter.wrongSnapshots(of: stream) == [])
}

@Test func `a snapshot that replay does not lead to is found`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 9)
    var snapshot = try #require(try bank.snapshotter.take(of: stream))
    #expect(try bank.snapshotter.wrongSnapshots(of: stream) == [])
    snapshot.state = Array(#"{"owner":"Ana","balanceCents":8,"eventCount":10}"#.utf8)
    bank.snapshots.save(snapshot)
    let wrong = try bank.snapshotter.wrongSnapshots(of: stream)
    #expect(wrong.map(\.listing) == [SnapshotListing(snapshot)])
    #expect(
        try wrong.first?.reason
            == .differences([
                JSONDifference(path: #require(JSONPath("balanceCents")), before: 8, after: 9)
            ])
    )
}

@Test(arguments: ["eventID", "position", "state", "fingerprint", "sequence"])
func `what is wrong with a snapshot is named`(part: String) throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 9)
    let listing = try bank.spoilSnapshot(of: stream, part)
    let wrong = try bank.snapshotter.wrongSnapshots(of: stream)
    let reason: WrongSnapshot.Reason? =
        switch part {
        case "fingerprint": nil
        case "state": .unreadable
        default: .otherEvent
        }
    #expect(wrong.map(\.reason) == reason.map { [$0] } ?? [])
    #expect(wrong.allSatisfy { $0.listing == listing && $0.stream == stream })
}

@Test func `a snapshot after an event that the rules refuse cannot be compared`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 2)
    let odd = PendingEvent(id: EventID(high: 9, low: 9), type: "AccountRenamed", payload: [])
    _ = try bank.store.append(AppendRequest([odd], to: stream))
    var snapshot = try #require(
        try bank.snapshotter.take(of: try bank.fill("2", deposits: 3, seed: 100))
    )
    snapshot.stream = stream
    bank.snapshots.save(snapshot)
    let wrong = try bank.snapshotter.wrongSnapshots(of: stream)
    guard case .noReplay(let event) = wrong.first?.reason else {
        Issue.record("\(wrong)")
        return
    }
    #expect(event.sequence == Sequence(3))
}
