import Aggregates
import Disk
import EventModel
import EventStorage
import RecountTesting
import Synchronization
import Testing

/// Aggregates in memory, with commands journaled in groups.
@Suite struct SessionTests {
    private typealias Session = AggregateSession<Account>

    private func order(_ command: Account.Command, _ account: Int, _ number: UInt64)
        -> Session.Order
    {
        Session.Order(command, for: String(account), metadata: Self.metadata(number))
    }

    private static func metadata(_ number: UInt64) -> CommandMetadata {
        command(number)
    }

    /// What an outcome tells, without where it stands in the store.
    private func facts(_ outcome: Session.Outcome) -> String {
        switch outcome {
        case .success(let outcome):
            "\(outcome.events) \(outcome.placements.map(\.sequence)) \(outcome.isRepeated) "
                + "\(outcome.root.balanceCents)"
        case .failure(let error): "\(error)"
        }
    }

    private func outcome(
        _ order: Session.Order,
        of repository: AggregateRepository<Account>
    ) -> Session.Outcome {
        do throws(CommandError<Account.Rejection>) {
            return .success(
                try repository.handle(
                    order.command,
                    for: order.identifier,
                    metadata: order.metadata
                )
            )
        } catch {
            return .failure(error)
        }
    }

    @Test("a session answers as a repository does, command by command", arguments: 0..<200)
    func answers(_ seed: Int) throws {
        var generator = RandomSequence(seed: UInt64(seed))
        let (bank, other) = (Bank(), Bank())
        var session = Session(bank.repository, keeping: Int.random(in: 0...3, using: &generator))
        var number: UInt64 = 0
        for _ in 0..<4 {
            let orders = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                let account = Int.random(in: 1...3, using: &generator)
                // Some commands are sent again, perhaps to another account.
                if number == 0 || Int.random(in: 0..<6, using: &generator) > 0 { number += 1 }
                let command: Account.Command =
                    switch Int.random(in: 0..<5, using: &generator) {
                    case 0: .open(owner: "Ana")
                    case 1: .withdraw(cents: Int.random(in: 1...40, using: &generator))
                    case 2: .settle
                    default: .deposit(cents: Int.random(in: 1...40, using: &generator))
                    }
                return order(command, account, number)
            }
            let outcomes = session.handle(orders)
            #expect(outcomes.count == orders.count)
            for (order, outcome) in zip(orders, outcomes) {
                #expect(facts(outcome) == facts(self.outcome(order, of: other.repository)))
            }
            // Others change the accounts, which the session does not see before its next append.
            if Bool.random(using: &generator) {
                number += 1
                let deposit = order(.deposit(cents: 5), 1, number)
                #expect(
                    facts(outcome(deposit, of: bank.repository))
                        == facts(outcome(deposit, of: other.repository))
                )
                _ = session.handle([order(.deposit(cents: 1), 1, number + 1)])
                _ = outcome(order(.deposit(cents: 1), 1, number + 1), of: other.repository)
                number += 1
            }
        }
        for account in 1...3 {
            let stream = Account.stream(String(account))
            let told = try bank.store.events(EventSelection(.stream(stream)))
            let wanted = try other.store.events(EventSelection(.stream(stream)))
            #expect(told.map(\.id) == wanted.map(\.id))
            #expect(told.map(\.payload) == wanted.map(\.payload))
        }
    }

    @Test func `a group is one append, and a large one several`() throws {
        let bank = Bank()
        let appendCount = Atomic(0)
        let store = HookedStore(
            bank.store,
            beforeAppend: { _ in appendCount.add(1, ordering: .relaxed) }
        )
        var session = Session(AggregateRepository(store: store, now: bank.clock.now))
        let orders = (0..<1000).map { order(.deposit(cents: 1), $0 % 10, UInt64($0)) }
        let outcomes = session.handle(orders)
        #expect(appendCount.load(ordering: .relaxed) == 1)
        #expect(outcomes.map(facts).last?.hasSuffix("false 100") == true)
        #expect(bank.store.head() == Position(1000))
        let more = (1000..<6000).map { order(.deposit(cents: 1), $0 % 10, UInt64($0)) }
        #expect(session.handle(more).count == 5000)
        #expect(appendCount.load(ordering: .relaxed) == 4)
        #expect(bank.store.head() == Position(6000))
    }

    @Test func `what a failed append was to hold is not in memory afterwards`() throws {
        let bank = Bank()
        let isFull = Atomic(false)
        let store = HookedStore(
            bank.store,
            beforeAppend: { _ throws(AppendError) in
                guard isFull.load(ordering: .relaxed) else { return }
                throw .failed(StorageError(.full, "there is no space"))
            }
        )
        var session = Session(AggregateRepository(store: store, now: bank.clock.now))
        _ = session.handle([order(.deposit(cents: 10), 1, 1)])
        isFull.store(true, ordering: .relaxed)
        let failed = session.handle([
            order(.deposit(cents: 90), 1, 2), order(.withdraw(cents: 500), 1, 3),
        ])
        for outcome in failed {
            // A refusal rests on events that may not be there.
            guard case .failure(.failed) = outcome else {
                Issue.record("told as if it had been appended: \(outcome)")
                continue
            }
        }
        isFull.store(false, ordering: .relaxed)
        let outcomes = session.handle([order(.withdraw(cents: 50), 1, 4)])
        #expect(outcomes.map(facts) == ["rejected: insufficientFunds(short: 40)"])
    }

    @Test func `snapshots are taken in a session as well`() throws {
        let bank = Bank()
        var session = Session(bank.repository)
        for start in stride(from: 0, to: 35, by: 5) {
            _ = session.handle(
                (start..<start + 5).map { order(.deposit(cents: 1), 1, UInt64($0)) }
            )
        }
        let listed = bank.snapshots.list(of: Account.stream("1"))
        #expect(listed.map(\.sequence.number) == [29, 19, 9])
    }

    @Test func `a snapshot of a session tells the latest time of all events before it`() throws {
        let bank = Bank()
        var session = Session(bank.repository)
        // Events before those of the session are counted as well, and those of several calls.
        try bank.fill("1", deposits: 7)
        for (number, time) in [(100, 1000), (101, 500)] as [(UInt64, Int64)] {
            var deposit = order(.deposit(cents: 1), 1, number)
            deposit.metadata.eventTime = Timestamp(microseconds: time)
            _ = session.handle([deposit])
        }
        let stream = Account.stream("1")
        let request = SnapshotRequest(
            of: stream,
            fingerprint: bank.folds[stream.category].fingerprint
        )
        let snapshot = try #require(bank.snapshots.newest(request))
        #expect(snapshot.sequence == Sequence(9) && snapshot.position == Position(10))
        #expect(snapshot.latestTime == Timestamp(microseconds: 1000))
        let between = HistoryPoint.time(Timestamp(microseconds: 700))
        let state = try bank.reader.state(of: stream, at: between)
        #expect(try state.json == bank.plainReader.state(of: stream, at: between).json)
    }
}
