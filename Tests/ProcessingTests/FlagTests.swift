import Testing

/// Replay flags over many resets, splits and merges.
@Suite struct FlagTests {
    @Test func `an event is a replay if and only if it was decided before the last reset`() throws {
        let log = try FlagHistory.makeLog()
        for seed in UInt64(1)...10_000 {
            var history = FlagHistory(seed: seed, log)
            let violation = try history.live()
            try #require(violation == nil, "seed \(seed)")
        }
    }
}
