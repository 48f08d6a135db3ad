import Aggregates
import Disk
import EventModel
import EventSchema
import EventStorage
import RecountTesting
import Synchronization
import Testing

/// An account that is saved after every fifty events.
private struct FiftyAccount: Aggregate, Codable {
    static let category = Account.category
    static let codec = Account.codec
    static var snapshotEvery: Int? { 50 }

    var account = Account()

    func decide(_ command: Account.Command) -> [Account.Event] { [.deposited(cents: 1)] }

    mutating func evolve(_ event: Account.Event) { account.evolve(event) }
}

@Test func `of 5,000 events saved after every fifty at most 49 are read behind a snapshot`() throws
{
    let bank = Bank()
    let shownCount = Atomic(0)
    let store = HookedStore(
        bank.store,
        beforeEvent: { shownCount.add(1, ordering: .relaxed) }
    )
    let repository = AggregateRepository<FiftyAccount>(
        store: store,
        snapshots: bank.snapshots,
        now: bank.clock.now
    )
    var worst = 0
    for number in 0..<5000 {
        _ = try repository.handle(
            .deposit(cents: 1),
            for: "1",
            metadata: CommandMetadata(commandID: EventID(high: 7, low: UInt64(number)), actor: "a")
        )
        if number < 4900 { continue }
        shownCount.store(0, ordering: .relaxed)
        let loaded = try repository.load("1")
        #expect(loaded.root.account.eventCount == number + 1)
        // The event that the snapshot follows is read to prove it.
        worst = max(worst, shownCount.load(ordering: .relaxed) - 1)
    }
    #expect(worst == 49)
    let sequences = bank.snapshots.list(of: Account.stream("1")).map(\.sequence.number)
    #expect(sequences == [4999, 4949, 4899, 4849, 4799, 4049, 3049, 1999, 999])
    #expect(try bank.reader.state(of: Account.stream("1")).last?.sequence == Sequence(4999))
}

@Test func `any step in a long history reads few events`() throws {
    let bank = Bank()
    let stream = try bank.fill("1", deposits: 20_000)
    let shownCount = Atomic(0)
    let store = HookedStore(
        bank.store,
        beforeEvent: { shownCount.add(1, ordering: .relaxed) }
    )
    try bank.snapshotter.take(of: stream)
    var random = RandomSequence(seed: 1)
    for snapshots in [nil, bank.snapshots] as [InMemorySnapshotStore?] {
        let reader = StateReader(store: store, snapshots: snapshots, folds: bank.folds)
        let timeline = try StateTimeline(of: stream, in: reader)
        // Opened at the end: without snapshots every event is folded once.
        _ = try timeline.state(at: Sequence(20_000))
        #expect((shownCount.exchange(0, ordering: .relaxed) > 20_000) == (snapshots == nil))
        for _ in 0..<200 {
            let sequence = Sequence(random.next() % 20_001)
            let state = try timeline.state(at: sequence)
            #expect(state.last?.sequence == sequence)
            #expect(try balance(of: state) == Int(sequence.number))
            #expect(shownCount.exchange(0, ordering: .relaxed) <= (snapshots == nil ? 257 : 1026))
        }
    }
}

private func balance(of state: StreamState) throws -> Int {
    try JSONEventDecoder().decode(Account.self, from: #require(state.json)).balanceCents
}

/// A stream whose events and snapshots follow from a seed.
private struct RandomHistory {
    let bank = Bank()
    let stream = Account.stream("1")
    private(set) var random: RandomSequence
    private(set) var eventCount: UInt64 = 0

    init(seed: UInt64) {
        random = RandomSequence(seed: seed)
    }

    /// Does something to the events or to the snapshots.
    mutating func step() throws {
        switch random.next() % 8 {
        case 0...3: try append()
        case 4...5: try bank.snapshotter.take(of: stream)
        case 6: try spoil()
        default:
            if let listing = bank.snapshots.list(of: stream).randomElement(using: &random) {
                bank.snapshots.remove([listing], of: stream)
            }
        }
    }

    private mutating func append() throws {
        let events = try (0...random.next() % 6).map { _ in
            eventCount += 1
            let cents = Int(random.next() % 100)
            return try bank.pending(
                random.next() % 3 == 0 ? .withdrawn(cents: cents) : .deposited(cents: cents),
                number: eventCount,
                time: Int64(random.next() % 50)
            )
        }
        _ = try bank.store.append(AppendRequest(events, to: stream))
    }

    /// Makes the snapshots that are there worthless, in one of the ways of which readers know.
    private mutating func spoil() throws {
        let way = random.next() % 5
        bank.change(stream) { snapshot in
            switch way {
            case 0: snapshot.state = Array(snapshot.state.dropLast())
            case 1: snapshot.fingerprint = "older shape"
            case 2: snapshot.position = snapshot.position.next
            case 3: snapshot.eventID = EventID(high: 0, low: 1)
            default: snapshot.sequence = Sequence(snapshot.sequence.number + 100)
            }
            if way != 0 { snapshot.state = Array(#"{"balanceCents":-1,"eventCount":-1}"#.utf8) }
        }
    }

    /// A point of the history, also beyond its ends.
    mutating func point() -> HistoryPoint {
        switch random.next() % 4 {
        case 0: .head
        case 1: .sequence(Sequence(random.next() % (eventCount + 3)))
        case 2: .position(Position(random.next() % (eventCount + 3)))
        default: .time(Timestamp(microseconds: Int64(random.next() % 60) - 5))
        }
    }

    mutating func sequence() -> Sequence { Sequence(random.next() % (eventCount + 3)) }
}

/// 10,000 seeds, in parts that run side by side.
private let seeds: [Range<UInt64>] = [0..<2500, 2500..<5000, 5000..<7500, 7500..<10_000]

@Test(arguments: seeds)
func `for 10,000 seeds folds with snapshots are folds without`(seeds: Range<UInt64>) throws {
    var snapshotUseCount = 0
    for seed in seeds {
        var history = RandomHistory(seed: seed)
        let (bank, stream) = (history.bank, history.stream)
        let timeline = try StateTimeline(of: stream, in: bank.reader, keptInterval: 4)
        for _ in 0..<8 { try history.step() }
        for _ in 0..<3 {
            let point = history.point()
            let state = try bank.reader.state(of: stream, at: point)
            let plain = try bank.plainReader.state(of: stream, at: point)
            try #require(state.json == plain.json && state.last == plain.last, "seed \(seed)")
            if state.snapshotSequence != nil { snapshotUseCount += 1 }
            let sequence = history.sequence()
            let step = try timeline.state(at: sequence)
            let plainStep = try bank.plainReader.state(of: stream, at: .sequence(sequence))
            try #require(step.json == plainStep.json && step.last == plainStep.last, "seed \(seed)")
        }
        let loaded = try bank.repository.load("1")
        let head = try bank.plainReader.state(of: stream)
        try #require(loaded.last == head.last?.sequence, "seed \(seed)")
        if let json = head.json {
            let account = try JSONEventDecoder().decode(Account.self, from: json)
            try #require(loaded.root == account, "seed \(seed)")
        }
    }
    #expect(snapshotUseCount > 1250, "snapshots were used in \(snapshotUseCount) folds")
}
