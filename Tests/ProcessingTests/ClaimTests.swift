import Testing

/// Hosts that share the segments of a group, in simulated histories.
@Suite struct ClaimTests {
    @Test func `hosts come to share segments evenly, or give all to the one that wants them`() {
        for seed in UInt64(1)...60 {
            #expect(ClaimHistory(seed: seed).violation() == nil, "seed \(seed)")
        }
    }
}
