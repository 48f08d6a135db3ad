import Disk
import EventLog
import EventStorage

/// Crashes of the machine at every operation of a workload, each held against what must survive.
///
/// Crashes that leave equal disks behind equal histories are checked once and counted each.
struct CrashSweep {
    /// What of a crash decides how its check ends.
    private struct State: Hashable {
        let content: Int
        let history: Int
    }

    /// How many crashes were tried.
    private(set) var crashCount = 0
    /// How many of them left a disk that had to be checked.
    private(set) var checkCount = 0
    private var checked: Set<State> = []
    private let workload: Workload
    private let seeds: Range<UInt64>
    private let replay: SimulationReplay?

    /// Prepares the crashes of a workload; each seed chooses once among what every random policy
    /// leaves open.
    init(_ workload: Workload, seeds: Range<UInt64>, replay: SimulationReplay? = nil) {
        self.workload = workload
        self.seeds = seeds
        self.replay = replay
    }

    /// How many crashes one seed means for one image of the machine.
    static let crashesPerSeed = policies(seed: 1).count

    /// Tries all the crashes.
    mutating func run(on tree: SimulatedTree) throws(SimulationFailure) {
        let run = try WorkloadRun(workload, on: tree)
        try run.perform { (images, history) throws(SimulationFailure) in
            for image in images { try crash(image, history) }
        }
    }

    /// Crashes the machine as it was after one operation, by every policy.
    private mutating func crash(
        _ image: SimulatedImage,
        _ history: History
    ) throws(SimulationFailure) {
        guard replay?.operation ?? image.operation == image.operation else { return }
        var plans: Set<CrashPlan> = []
        for seed in seeds {
            for policy in CrashSweep.policies(seed: seed) {
                guard replay?.policy ?? policy == policy else { continue }
                crashCount += 1
                let plan = policy.plan(for: image.tree)
                guard plans.insert(plan).inserted else { continue }
                let place = SimulationReplay(workload, image.operation, policy)
                do throws(SimulationFailure) {
                    try check(image.tree.crashed(plan), history, place.variation)
                } catch {
                    throw SimulationFailure("\(error); RECOUNT_SIMULATION_REPLAY='\(place)'")
                }
            }
        }
    }

    private mutating func check(
        _ tree: SimulatedTree,
        _ history: History,
        _ variation: Int
    ) throws(SimulationFailure) {
        let state = State(content: tree.contentHash, history: history.hash)
        guard checked.insert(state).inserted else { return }
        checkCount += 1
        let machine = SimulatedMachine(restarting: tree, seed: 1)
        guard variation == 0 else {
            let check = RecoveryCheck(history: history, hasProbe: variation % 2 == 0)
            return try check.run(machine)
        }
        try crashAgain(machine, history)
    }

    /// Crashes the machine once more, at every operation of the recovery.
    private mutating func crashAgain(
        _ machine: SimulatedMachine,
        _ history: History
    ) throws(SimulationFailure) {
        machine.capacity = nil
        machine.keepImages()
        _ = try SimulatedStore.openWritable(machine.startProcess())
        for image in machine.takeImages() {
            for changes in [CrashPolicy.Changes.none, .all, .tornSectors] {
                let policy = CrashPolicy(changes, seed: UInt64(image.operation))
                crashCount += 1
                try check(image.tree.crashed(policy.plan(for: image.tree)), history, 1)
            }
        }
    }

    /// Every policy, those that leave nothing open only for the first seed.
    private static func policies(seed: UInt64) -> [CrashPolicy] {
        CrashPolicy.Page.allCases.flatMap { page in
            CrashPolicy.Changes.allCases.compactMap { changes in
                let isRandom = changes.isRandom || page == .stale
                return isRandom || seed == 0 ? CrashPolicy(changes, page: page, seed: seed) : nil
            }
        }
    }
}

/// A crash that is to be tried alone, as a failure names it.
struct SimulationReplay: CustomStringConvertible {
    let workload: String
    let operation: Int
    let policy: CrashPolicy

    init(_ workload: Workload, _ operation: Int, _ policy: CrashPolicy) {
        self.workload = workload.name
        self.operation = operation
        self.policy = policy
    }

    /// Reads what ``description`` says; nothing where it is something else.
    init?(_ text: String) {
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count == 5, let operation = Int(parts[1]), let seed = UInt64(parts[4]),
            let changes = CrashPolicy.Changes.allCases.first(where: { "\($0)" == parts[2] }),
            let page = CrashPolicy.Page.allCases.first(where: { "\($0)" == parts[3] })
        else { return nil }
        workload = parts[0]
        self.operation = operation
        policy = CrashPolicy(changes, page: page, seed: seed)
    }

    /// How the crash is checked: 0 with another crash during the recovery, else with a small
    /// append before all others or without.
    var variation: Int { (operation + Int(policy.seed)) % 16 }

    var description: String {
        "\(workload)/\(operation)/\(policy.changes)/\(policy.page)/\(policy.seed)"
    }
}
