import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import Testing

/// Deaths of processes and faults of the disk, at every operation.
@Suite struct FaultTests {
    /// What a process appends before it dies, or while the disk fails.
    enum Scene: CaseIterable, CustomTestStringConvertible {
        case small, switching, flushed

        var requests: [AppendRequest] {
            switch self {
            case .small: (0..<3).map { .simulated($0 * 10..<$0 * 10 + 2, size: 700) }
            case .switching:
                (0..<4).map { .simulated($0..<$0 + 1, size: WorkloadScript.largeSize) }
            case .flushed:
                (0..<4).map {
                    .simulated(
                        $0..<$0 + 1,
                        size: WorkloadScript.largeSize,
                        .any,
                        $0 < 3 ? .flushed : .synced
                    )
                }
            }
        }

        var testDescription: String { "\(self)" }
    }

    private static let probe = AppendRequest.simulated(900..<902, to: "probe-1")

    @Test(arguments: Scene.allCases)
    func `a process that dies anywhere harms neither its store nor the others`(
        _ scene: Scene
    ) throws {
        var sweep = KillSweep(scene.requests, probe: FaultTests.probe)
        let tree = try SimulatedStore.makeTree()
        try sweep.run(on: tree)
        #expect(sweep.deathCount > 40)
    }

    private static let kinds: [DiskFault.Kind] = [
        .error(EIO), .error(ENOSPC), .error(EDQUOT), .error(EMFILE), .shortWrite,
        .failedSync(EIO), .failedSync(ENOSPC), .flippedBit,
    ]

    @Test(arguments: Scene.allCases, FaultTests.kinds)
    func `nothing acknowledged is lost to a fault`(
        _ scene: Scene,
        _ kind: DiskFault.Kind
    ) throws {
        let tree = try SimulatedStore.makeTree()
        var sweep = FaultSweep(scene.requests)
        try sweep.run(kind, lasting: false, on: tree)
        try sweep.run(kind, lasting: true, on: tree)
        #expect(sweep.faultCount > 2)
    }

    @Test(arguments: [DiskFault.Kind.error(EIO), .failedSync(EIO), .shortWrite])
    func `nothing acknowledged is lost to a fault in the recovery from another`(
        _ kind: DiskFault.Kind
    ) throws {
        let tree = try SimulatedStore.makeTree()
        let sweep = FaultSweep(Scene.small.requests)
        for fault in sweep.faults(.failedSync(EIO), lasting: false, on: tree) {
            let machine = SimulatedMachine(restarting: tree, seed: 1)
            machine.faults = [fault]
            let (history, _) = sweep.append(on: machine)
            try recover(machine, history, from: kind)
        }
    }

    /// Opens the store again with another fault at each of the operations that this takes.
    private func recover(
        _ machine: SimulatedMachine,
        _ history: History,
        from kind: DiskFault.Kind
    ) throws {
        for number in 0..<60 {
            let crashed = machine.crashed(CrashPolicy(.all))
            let fault = DiskFault(kind, at: number)
            crashed.faults = [fault]
            let disk = crashed.startProcess()
            _ = try? SimulatedStore.open(disk)
            disk.kill()
            guard crashed.operationCount > number else { return }
            crashed.faults = []
            let again = crashed.crashed(CrashPolicy(.none))
            try RecoveryCheck(history: history).run(again)
            try RecoveryCheck(history: history).run(crashed)
        }
    }

    @Test func `a write that went elsewhere is noticed`() throws {
        let tree = try SimulatedStore.makeTree()
        let sweep = FaultSweep(Scene.small.requests)
        for fault in sweep.faults(.misdirectedWrite, lasting: false, on: tree) {
            let machine = SimulatedMachine(restarting: tree, seed: 1)
            machine.faults = [fault]
            let (history, _) = sweep.append(on: machine)
            machine.faults = []
            let log = try? SimulatedStore.open(machine.startProcess())
            guard let log, log.readOnlyReason == nil else { continue }
            try history.check(log.everything(), afterCrash: false)
        }
    }

    @Test func `the same workload leaves the same trace`() throws {
        func trace(_ workload: Workload) throws -> UInt64 {
            let run = try WorkloadRun(workload, on: SimulatedStore.makeTree())
            try run.perform { _, _ in }
            return run.machine.traceHash
        }
        for workload in Workload.scripted + [.random(seed: 1)] {
            #expect(try trace(workload) == trace(workload))
        }
        #expect(try trace(.random(seed: 1)) != trace(.random(seed: 2)))
    }
}
