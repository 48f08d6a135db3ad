import Glibc
import Testing

/// Groups in simulated histories; a seed is a history, the same whenever it is lived through.
@Suite struct SimulationTests {
    /// How many histories there are; more where the environment says so.
    private static let count =
        getenv("RECOUNT_HISTORIES").flatMap { UInt64(String(cString: $0)) } ?? 400
    private static let first = getenv("RECOUNT_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1

    /// Whether the environment asks for one history, of which everything is told.
    private static let isTraced = getenv("RECOUNT_SEED") != nil

    @Test func `whatever happens to its hosts, a group keeps what it promises`() throws {
        var violations = 0
        for seed in SimulationTests.first..<(SimulationTests.first + SimulationTests.count) {
            guard
                let violation = try GroupHistory.violation(
                    ofSeed: seed,
                    isTraced: SimulationTests.isTraced
                )
            else { continue }
            Issue.record("seed \(seed): \(violation)")
            violations += 1
            if violations > 8 { return }
        }
    }
}
