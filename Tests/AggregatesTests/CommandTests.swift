import Aggregates
import EventModel
import EventSchema
import EventStorage
import JSON
import RecountTesting
import Synchronization
import Testing

@Test func `a command is decided on the state and its events are appended`() throws {
    let bank = Bank()
    let opened = try bank.repository.handle(.open(owner: "Ana"), for: "1", metadata: command(1))
    #expect(opened.events == [.opened(owner: "Ana")])
    #expect(opened.placements.map(\.sequence) == [.first])
    let paid = try bank.repository.handle(.deposit(cents: 50), for: "1", metadata: command(2))
    #expect(paid.root.balanceCents == 50 && !paid.isRepeated)
    let event = try #require(try bank.store.event(at: Position(2)))
    #expect(event.stream == StreamName("account-1"))
    #expect(event.type == "AccountDeposited")
    #expect(event.payload == Array(#"{"cents":50}"#.utf8))
    let metadata = try JSONValue(parsing: event.metadata)
    #expect(metadata["commandId"]?.string == command(2).commandID.description)
    #expect(metadata["actor"] == "ana")
    #expect(metadata["correlationId"] == metadata["commandId"])
    #expect(metadata["causationId"] == metadata["commandId"])
    #expect(metadata["build"] == nil)
}

@Test func `events tell what they follow from, who asked and which build decided`() throws {
    let bank = Bank()
    let repository = AggregateRepository<Account>(
        store: bank.store,
        origin: CommandOrigin(actor: "cashier", build: "1.4.0"),
        now: bank.clock.now
    )
    var first = CommandMetadata(commandID: EventID(high: 1, low: 1))
    first.correlationID = "request-7"
    _ = try repository.handle(.deposit(cents: 1), for: "1", metadata: first)
    let cause = try #require(try bank.store.event(at: Position(1)))
    let second = CommandMetadata(commandID: EventID(high: 1, low: 2), following: cause)
    _ = try repository.handle(.deposit(cents: 1), for: "2", metadata: second)
    let event = try #require(try bank.store.event(at: Position(2)))
    let metadata = try JSONValue(parsing: event.metadata)
    #expect(metadata["correlationId"] == "request-7")
    #expect(metadata["causationId"]?.string == cause.id.description)
    #expect(metadata["actor"] == "cashier")
    #expect(metadata["build"] == "1.4.0")
}

@Test func `a command may demand that the aggregate is new, or that it exists`() throws {
    let bank = Bank()
    #expect(throws: (any Error).self) {
        try bank.repository.handle(.deposit(cents: 1), for: "1", .existing, metadata: command(1))
    }
    #expect(bank.store.head() == .start)
    let opened = try bank.repository.handle(
        .open(owner: "Ana"),
        for: "1",
        .new,
        metadata: command(2)
    )
    do {
        _ = try bank.repository.handle(.deposit(cents: 1), for: "1", .new, metadata: command(3))
        Issue.record("an account was made twice")
    } catch {
        guard case .exists(Account.stream("1")) = error else { throw error }
    }
    // The same command again is the same account.
    let again = try bank.repository.handle(
        .open(owner: "Ana"),
        for: "1",
        .new,
        metadata: command(2)
    )
    #expect(again.isRepeated && again.placements == opened.placements)
    _ = try bank.repository.handle(.deposit(cents: 1), for: "1", .existing, metadata: command(4))
    #expect(bank.store.head() == Position(2))
}

@Test func `what was decided holds where the aggregate allows it, else it is decided again`() throws
{
    for allowance in [Allowance.nothing, .deposits] {
        let bank = Bank()
        _ = try bank.repository.handle(.deposit(cents: 5), for: "1", metadata: command(1))
        let store = contested(bank.store, conflictCount: 1)
        let repository = AggregateRepository<Counter>(store: store, now: bank.clock.now)
        let decisions = Counter.decisions.withLock { $0 }
        let outcome = try Counter.$allowance.withValue(allowance) {
            try repository.handle(.countUp, for: "1", metadata: command(2))
        }
        let count = Counter.decisions.withLock { $0 } - decisions
        #expect(count == (allowance == .nothing ? 2 : 1))
        // Decided after one event, or again after the other's.
        #expect(outcome.events == [.deposited(cents: allowance == .nothing ? 2 : 1)])
        #expect(outcome.placements.map(\.sequence) == [Sequence(2)])
        #expect(outcome.root.eventCount == 3)
    }
}

@Test func `commands are counted with the time they take`() throws {
    let bank = Bank()
    let time = Mutex(Duration.zero)
    let statistics = CommandStatistics {
        time.withLock { time in
            defer { time += .microseconds(100) }
            return time
        }
    }
    let repository = AggregateRepository<Account>(
        store: bank.store,
        statistics: statistics,
        now: bank.clock.now
    )
    for number in UInt64(1)...3 {
        _ = try repository.handle(.deposit(cents: 1), for: "1", metadata: command(number))
    }
    _ = try? repository.handle(.withdraw(cents: 9), for: "1", metadata: command(4))
    let entries = statistics.entries
    #expect(entries.map(\.command) == ["deposit", "withdraw"])
    #expect(entries.allSatisfy { $0.category == Account.category })
    #expect(entries.map(\.latencies.count) == [3, 1])
    #expect(entries[0].latencies.maximumMicroseconds == 100)
    #expect(entries[0].latencies.microseconds(atShare: 0.99) == 100)
}

@Test func `a rejection is typed and leaves no event`() throws {
    let bank = Bank()
    do {
        _ = try bank.repository.handle(.withdraw(cents: 5), for: "1", metadata: command(1))
        Issue.record("money was withdrawn that is not there")
    } catch {
        guard case .rejected(.insufficientFunds(short: 5)) = error else { throw error }
    }
    #expect(bank.store.head() == .start)
}

@Test func `a command without events has no trace`() throws {
    let bank = Bank()
    let outcome = try bank.repository.handle(.settle, for: "1", metadata: command(1))
    #expect(outcome.events == [] && outcome.placements == [])
    #expect(bank.store.head() == .start)
}

@Test func `a command sent again returns its first outcome`() throws {
    let bank = Bank()
    let repository = bank.repository
    _ = try repository.handle(.deposit(cents: 70), for: "1", metadata: command(1))
    let first = try repository.handle(.settle, for: "1", metadata: command(2))
    #expect(first.events.count == 2)
    // By now the account is empty and the command would have no events.
    let second = try repository.handle(.settle, for: "1", metadata: command(2))
    #expect(second.isRepeated)
    #expect(second.events == first.events)
    #expect(second.placements == first.placements)
    #expect(bank.store.head() == Position(3))
}

@Test func `a command sent again is recognised behind a snapshot`() throws {
    let bank = Bank()
    let repository = bank.repository
    let first = try repository.handle(.open(owner: "Ana"), for: "1", metadata: command(1))
    for number in UInt64(2)...30 {
        _ = try repository.handle(.deposit(cents: 1), for: "1", metadata: command(number))
    }
    #expect(try repository.load("1").snapshotSequence != nil)
    // Refused by the state of today, and known to the store by its identity.
    let opened = try repository.handle(.open(owner: "Ana"), for: "1", metadata: command(1))
    #expect(opened.isRepeated && opened.placements == first.placements)
    let paid = try repository.handle(.deposit(cents: 1), for: "1", metadata: command(2))
    #expect(paid.isRepeated && paid.placements.map(\.sequence) == [Sequence(1)])
    #expect(paid.root.balanceCents == 29)
    // Decides otherwise than then: two events instead of one.
    let settled = try repository.handle(.settle, for: "1", metadata: command(3))
    #expect(settled.isRepeated && settled.events == [.deposited(cents: 1)])
    #expect(bank.store.head() == Position(30))
}

@Test func `an identity used in another stream is refused`() throws {
    let bank = Bank()
    _ = try bank.repository.handle(.deposit(cents: 1), for: "1", metadata: command(1))
    do {
        _ = try bank.repository.handle(.deposit(cents: 1), for: "2", metadata: command(1))
        Issue.record("an identity was used twice")
    } catch {
        guard case .refused(.identityReused(_, at: Position(1))) = error else { throw error }
    }
}

@Test func `snapshots are taken as often as the aggregate says`() throws {
    let bank = Bank()
    for number in UInt64(1)...35 {
        _ = try bank.repository.handle(.deposit(cents: 1), for: "1", metadata: command(number))
    }
    let listed = bank.snapshots.list(of: Account.stream("1"))
    #expect(listed.map(\.sequence.number) == [29, 19, 9])
    let loaded = try bank.repository.load("1")
    #expect(loaded.snapshotSequence == Sequence(29))
    #expect(loaded.root.balanceCents == 35 && loaded.root.eventCount == 35)
    #expect(try bank.snapshotter.wrongSnapshots(of: Account.stream("1")) == [])
}

@Test func `commands of several threads all take effect, one after the other`() throws {
    let bank = Bank()
    let failures = Mutex<[String]>([])
    let threads = (0..<4).map { thread in
        WorkerThread {
            for number in 0..<50 {
                let metadata = command(UInt64(thread * 1000 + number))
                do {
                    _ = try bank.repository.handle(.deposit(cents: 1), for: "1", metadata: metadata)
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    #expect(try bank.repository.load("1").root.balanceCents == 200)
}

@Test func `a conflict that does not end is told`() throws {
    let bank = Bank()
    let store = contested(bank.store)
    let repository = AggregateRepository<Account>(store: store, now: bank.clock.now)
    do {
        _ = try repository.handle(.deposit(cents: 1), for: "1", metadata: command(1))
        Issue.record("an append went through")
    } catch {
        guard case .conflict(let conflict) = error else { throw error }
        #expect(conflict.stream == Account.stream("1"))
    }
}

@Test func `the identities of a command's events differ and stay`() throws {
    let identities =
        (0..<1000).map { command(1).eventID($0) }
        + (2..<1000).map { command($0).eventID(0) }
    #expect(Set(identities).count == identities.count)
    #expect(command(1).eventID(3) == command(1).eventID(3))
    #expect(command(1).eventID(0).description.dropFirst(14).first == "8")
}

/// A store whose streams somebody else changes first, the first so many times.
private func contested(_ store: InMemoryEventStore, conflictCount: Int = .max) -> HookedStore {
    let conflicts = Mutex(conflictCount)
    return HookedStore(
        store,
        beforeAppend: { request throws(AppendError) in
            let isContested = conflicts.withLock { count in
                defer { count -= 1 }
                return count > 0
            }
            guard isContested, let stream = request.entries.first?.stream else { return }
            let event = PendingEvent(
                id: EventID(high: 0xBAD, low: store.head().number),
                type: "AccountDeposited",
                payload: Array(#"{"cents":1}"#.utf8)
            )
            _ = try store.append(AppendRequest([event], to: stream))
        }
    )
}

@Test func `a command sent again that has nothing to do by now returns its first outcome`() throws {
    let bank = Bank()
    let repository = bank.repository
    _ = try repository.handle(.deposit(cents: 70), for: "1", metadata: command(1))
    let first = try repository.handle(.settle, for: "1", metadata: command(2))
    for number in UInt64(3)...30 {
        _ = try repository.handle(.deposit(cents: 1), for: "1", metadata: command(number))
    }
    _ = try repository.handle(.settle, for: "1", metadata: command(31))
    #expect(try repository.load("1").snapshotSequence != nil)
    let second = try repository.handle(.settle, for: "1", metadata: command(2))
    #expect(second.isRepeated && second.placements == first.placements)
}
