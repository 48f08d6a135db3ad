import EventStorage
import Glibc
import Testing

/// Groups in simulated histories; a seed is a history, the same whenever it is lived through.
@Suite struct SimulationTests {
    /// How many histories there are; more where the environment says so.
    private static let count = number("RECOUNT_HISTORIES") ?? 200
    /// The only history to live through, of which everything is told.
    private static let onlySeed = number("RECOUNT_SEED")

    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    @Test func `whatever happens to its hosts, a group keeps what it promises`() throws {
        let only = SimulationTests.onlySeed
        for seed in only.map({ $0...$0 }) ?? 1...SimulationTests.count {
            let world = try GroupHistory.live(seed: seed, isTraced: only != nil)
            guard let violation = world.firstViolation else { continue }
            Issue.record("RECOUNT_SEED=\(seed): \(violation)")
            return
        }
    }

    @Test func `the same seed is the same history`() throws {
        for seed in UInt64(1)...5 {
            let (first, second) = try (GroupHistory.live(seed: seed), GroupHistory.live(seed: seed))
            #expect(first.log.head() == second.log.head() && first.uptime == second.uptime)
            #expect(first.disk.inUse?.file.content == second.disk.inUse?.file.content)
        }
    }
}
