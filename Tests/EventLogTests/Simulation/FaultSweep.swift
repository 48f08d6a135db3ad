import Disk
import EventLog
import EventModel
import EventStorage
import Glibc

/// Faults of the disk at each operation of a few appends.
struct FaultSweep {
    /// What is appended; all to wherever the streams stand, since some of it will fail.
    let requests: [AppendRequest]
    /// How many faults were tried.
    private(set) var faultCount = 0

    init(_ requests: [AppendRequest]) {
        self.requests = requests
    }

    /// Lets every operation that can meet a fault meet it.
    mutating func run(
        _ kind: DiskFault.Kind,
        lasting isLasting: Bool,
        on tree: SimulatedTree
    ) throws(SimulationFailure) {
        for fault in faults(kind, lasting: isLasting, on: tree) {
            faultCount += 1
            do throws(SimulationFailure) {
                try meet(fault, on: tree)
            } catch {
                throw SimulationFailure("\(error); \(fault)")
            }
        }
    }

    /// The faults, one for each operation that can meet it.
    func faults(
        _ kind: DiskFault.Kind,
        lasting isLasting: Bool,
        on tree: SimulatedTree
    ) -> [DiskFault] {
        let machine = SimulatedMachine(restarting: tree, seed: 1)
        _ = append(on: machine)
        let faults = machine.operations.indices.map {
            DiskFault(kind, at: $0, isLasting: isLasting)
        }
        return zip(faults, machine.operations).filter { $0.concerns($1.kind) }.map(\.0)
    }

    private func meet(_ fault: DiskFault, on tree: SimulatedTree) throws(SimulationFailure) {
        let machine = SimulatedMachine(restarting: tree, seed: 1)
        machine.faults = [fault]
        let (history, errors) = append(on: machine)
        try FaultSweep.check(errors, of: fault)
        machine.faults = []
        for page in CrashPolicy.Page.allCases {
            let crashed = machine.crashed(CrashPolicy(.none, page: page, seed: 1))
            try RecoveryCheck(history: history).run(crashed)
        }
        try RecoveryCheck(history: history, isAfterCrash: false).run(machine)
    }

    /// Appends everything, whatever fails.
    ///
    /// - Returns: what was asked for and acknowledged, and the errors of the appends that failed.
    func append(on machine: SimulatedMachine) -> (History, [AppendError?]) {
        var history = History()
        var errors: [AppendError?] = []
        let disk = machine.startProcess()
        guard let log = try? SimulatedStore.open(disk) else { return (history, errors) }
        for request in requests {
            history.begin(request, writing: request.entries)
            do throws(AppendError) {
                _ = try log.append(request)
                history.acknowledge(request.durability)
                errors.append(nil)
            } catch {
                errors.append(error)
            }
        }
        // Nobody else may hold the store when it is opened again.
        disk.kill()
        return (history, errors)
    }

    /// Sees to it that a full disk is called one, and that appends go on when it is not full any
    /// more.
    private static func check(
        _ errors: [AppendError?],
        of fault: DiskFault
    ) throws(SimulationFailure) {
        guard fault.isFullDisk else { return }
        for case .some(let error) in errors {
            guard case .failed(let failure) = error, failure.code == .full else {
                throw SimulationFailure("a full disk is reported as \(error)")
            }
        }
        if !fault.isLasting, errors.count(where: { $0 != nil }) > 1 {
            throw SimulationFailure("appends do not go on when there is space again: \(errors)")
        }
    }
}

extension DiskFault {
    /// Whether it says that no space is left.
    fileprivate var isFullDisk: Bool {
        switch kind {
        case .error(ENOSPC), .error(EDQUOT), .shortWrite: true
        case .error, .failedSync, .flippedBit, .misdirectedWrite: false
        }
    }
}
