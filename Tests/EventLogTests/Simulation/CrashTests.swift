import Disk
import EventLog
import EventModel
import EventStorage
import Testing

/// Crashes of the machine at every operation of every workload.
@Suite struct CrashTests {
    private static let workloads = Workload.scripted + (0..<4).map { Workload.random(seed: $0) }
    /// How many crashes each workload is to meet at least, so that all together meet 200,000.
    private static let crashCountMin = 200_000 / workloads.count + 1

    @Test(arguments: workloads)
    func `no crash loses, tears or invents events`(_ workload: Workload) throws {
        if let replay = SimulationSettings.replay {
            guard replay.workload == workload.name else { return }
            let seed = replay.policy.seed
            var sweep = CrashSweep(workload, seeds: seed..<seed + 1, replay: replay)
            return try sweep.run(on: SimulatedStore.makeTree())
        }
        let rounds = max(1, SimulationSettings.rounds ?? 1)
        let crashCount = try crash(workload, times: CrashTests.crashCountMin * rounds)
        #expect(crashCount >= CrashTests.crashCountMin * rounds)
    }

    @Test(.enabled(if: SimulationSettings.rounds == 0))
    func `no crash harms the store of any random workload`() throws {
        for seed in UInt64(100)... {
            _ = try crash(.random(seed: seed), times: CrashTests.crashCountMin)
        }
    }

    /// Crashes a workload with as many seeds as it takes.
    ///
    /// - Returns: how many crashes there were.
    private func crash(_ workload: Workload, times crashCountMin: Int) throws -> Int {
        let tree = try SimulatedStore.makeTree()
        var imageCount = 0
        try WorkloadRun(workload, on: tree).perform { images, _ in imageCount += images.count }
        let perSeed = imageCount * CrashSweep.crashesPerSeed
        let seedCount = UInt64((crashCountMin + perSeed - 1) / perSeed)
        var sweep = CrashSweep(workload, seeds: 0..<seedCount)
        try sweep.run(on: tree)
        print("\(workload): \(sweep.crashCount) crashes, \(sweep.checkCount) states checked")
        return sweep.crashCount
    }
}
