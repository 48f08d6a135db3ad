import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Testing

/// Several processes that append to one log and are killed at any moment.
@Suite struct KillTests {
    /// How many rounds of killing; more in `RECOUNT_KILL_ROUNDS`.
    private static let roundCount =
        getenv("RECOUNT_KILL_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 200

    /// The rounds on one store; a log that has grown takes long to open where its index is gone.
    private static let roundCountOfStore = 20

    private static let writerCount = 4

    /// What came of the rounds on one store.
    private struct Outcome {
        var acknowledgedCount = 0
        var killedWhileWriting = 0
    }

    @Test func `what was acknowledged is there once, whichever writers are killed`() throws {
        var outcome = Outcome()
        var random = RandomSequence(seed: 7)
        for _ in stride(from: 0, to: KillTests.roundCount, by: KillTests.roundCountOfStore) {
            try kill(&outcome, &random)
        }
        #expect(outcome.acknowledgedCount > KillTests.roundCount)
        #expect(outcome.killedWhileWriting > 0)
    }

    /// Goes through all rounds on one store.
    private func kill(_ outcome: inout Outcome, _ random: inout RandomSequence) throws {
        let directory = TemporaryDirectory()
        let store = StoreDirectory(directory.path + "/test.store")
        try EventLog.make(store, fileSize: 64 << 10)
        var ledger = Ledger()
        for round in 0..<KillTests.roundCountOfStore {
            let writers = try (0..<KillTests.writerCount).map { number in
                try LogProcess(seed: UInt64(round * KillTests.writerCount + number + 1))
            }
            for writer in writers {
                writer.tell("open \(store.path)")
                writer.tell("load")
            }
            for answer in try run(writers, round, &random) {
                #expect(answer.fault == nil, "\(answer.line)")
                try ledger.note(answer)
            }
            outcome.killedWhileWriting += try isInDoubt(store) ? 1 : 0
            if round % 10 == 3 { try RealDisk().remove(store.log + "/shared") }
            if round % 10 == 7 { try removeIndex(of: store) }
            let log = try EventLog.open(store)
            #expect(log.readOnlyReason == nil)
            _ = try log.append(TestEvents.request(1, to: "cart-1", from: UInt64(round) << 16 | 1))
            try ledger.check(log)
        }
        try ledger.checkAll(EventLog.open(store))
        outcome.acknowledgedCount += ledger.count
    }

    /// Lets writers write, kills them all, and gives what they said.
    ///
    /// In every other round one dies first, and the others have to go on.
    private func run(
        _ writers: [LogProcess],
        _ round: Int,
        _ random: inout RandomSequence
    ) throws -> [LogAnswer] {
        var answers: [LogAnswer] = []
        func hear(_ writer: LogProcess, _ count: Int) throws {
            for _ in 0..<count {
                try answers.append(#require(writer.answer(), "a writer that lives goes on"))
            }
        }
        // The first line tells of the opening.
        for writer in writers {
            try hear(writer, 1 + Int.random(in: 0..<6, using: &random))
        }
        if round % 2 == 1 {
            answers += writers[0].killed()
            for writer in writers[1...] {
                try hear(writer, 1 + Int.random(in: 0..<4, using: &random))
            }
        }
        usleep(UInt32.random(in: 0..<3000, using: &random))
        for writer in writers { writer.kill() }
        return answers + writers.flatMap { $0.killed() }
    }

    /// Whether a writer died while it was writing.
    private func isInDoubt(_ store: StoreDirectory) throws -> Bool {
        let page = try RealDisk().share(store.log + "/shared", writable: false)
        return page.load(SharedPageWord(1)) == 1
    }

    private func removeIndex(of store: StoreDirectory) throws {
        for name in try RealDisk().names(in: store.log) where name.hasSuffix(".index") {
            try RealDisk().remove(store.log + "/" + name)
        }
    }
}
