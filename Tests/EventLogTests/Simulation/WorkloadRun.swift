import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting

/// A workload on its way, held against a model of the store that lives in memory.
final class WorkloadRun {
    let machine: SimulatedMachine
    private(set) var history = History()
    private let workload: Workload
    private var model = WorkloadRun.makeModel()
    private var disks: [SimulatedDisk] = []
    private var logs: [EventLog] = []

    /// Starts the processes of a workload.
    init(_ workload: Workload, on tree: SimulatedTree) throws(SimulationFailure) {
        self.workload = workload
        machine = SimulatedMachine(restarting: tree, seed: 1)
        for _ in 0..<workload.processCount {
            let disk = machine.startProcess()
            disks.append(disk)
            logs.append(try SimulatedStore.openWritable(disk))
        }
    }

    /// Does every step of the workload.
    ///
    /// - Parameter observe: is shown what crashes are to be tried after each step: the images of
    ///   the machine within it with what was asked for until then, then the one after it.
    /// - Throws: ``SimulationFailure`` where a step does not end as in the model, or `observe`
    ///   throws.
    func perform(
        _ observe: ([SimulatedImage], History) throws(SimulationFailure) -> Void
    ) throws(SimulationFailure) {
        machine.keepImages()
        for (number, step) in workload.steps.enumerated() {
            do throws(SimulationFailure) {
                let before = try perform(step)
                let images = machine.takeImages()
                try checkLocks(images)
                try observe(images, before)
            } catch {
                throw SimulationFailure("step \(number): \(error)")
            }
            try observe([machine.image], history)
        }
        try history.check(logs[0].everything(), afterCrash: false)
    }

    /// Sees to it that whoever wrote to a file that he did not make himself held a lock.
    private func checkLocks(_ images: [SimulatedImage]) throws(SimulationFailure) {
        let operations = machine.operations
        for image in images {
            let operation = operations[image.operation]
            guard operation.kind == .write, !image.lockHolders.contains(operation.process) else {
                continue
            }
            let isOwn = operations.contains {
                $0.kind == .create && $0.process == operation.process && $0.path == operation.path
            }
            // Whoever died over his write has given his lock back.
            if isOwn || disks.allSatisfy({ $0.process != operation.process }) { continue }
            throw SimulationFailure("operation \(image.operation) wrote without the lock")
        }
    }

    /// Does one step.
    ///
    /// - Returns: the history while it was done.
    private func perform(_ step: Workload.Step) throws(SimulationFailure) -> History {
        switch step {
        case .append(let process, let request):
            return try append(request, process)
        case .appendTooLarge(let process, let request):
            guard case .refused(.invalid) = try outcome(of: request, process) else {
                throw SimulationFailure("what is too large was not refused")
            }
        case .appendDying(let process, let request, let operation, let isHalfway):
            return try appendDying(request, process, operation, halfway: isHalfway)
        case .reopen(let process):
            try reopen(process)
        case .read(let process):
            try history.check(logs[process].everything(), afterCrash: false)
        case .full(let isFull):
            machine.capacity = isFull ? machine.usedBytes : nil
        }
        return history
    }

    private func reopen(_ process: Int) throws(SimulationFailure) {
        disks[process].kill()
        disks[process] = machine.startProcess()
        logs[process] = try SimulatedStore.openWritable(disks[process])
    }

    /// Appends as the model does.
    private func append(
        _ request: AppendRequest,
        _ process: Int
    ) throws(SimulationFailure) -> History {
        let modelled = WorkloadRun.outcome(of: request, model)
        let written = modelled.written(of: request, after: history)
        if !written.isEmpty { history.begin(request, writing: written) }
        let during = history
        let actual = try outcome(of: request, process)
        if actual == .full, machine.capacity != nil {
            model = WorkloadRun.makeModel()
            history.settle(history.attempts.indices.map { $0 < history.attempts.count - 1 })
            for attempt in history.attempts {
                _ = WorkloadRun.outcome(of: attempt.request, model)
            }
            return during
        }
        guard actual == modelled else {
            throw SimulationFailure("\(actual) instead of \(modelled)")
        }
        guard case .placed(let result) = actual else { return during }
        if written.isEmpty {
            if result.durability == .synced { history.confirm(throughEvent: result.last) }
        } else {
            history.acknowledge(result.durability)
        }
        return during
    }

    /// Appends as a process that dies over it, and opens the store anew in its place.
    private func appendDying(
        _ request: AppendRequest,
        _ process: Int,
        _ operation: Int,
        halfway isHalfway: Bool
    ) throws(SimulationFailure) -> History {
        history.begin(request, writing: request.entries)
        let during = history
        let disk = disks[process]
        disk.kill(atOperation: disk.operationCount + operation, halfway: isHalfway)
        let result = try outcome(of: request, process)
        if case .placed = result, disk.isDead {
            // It was acknowledged before the death, which the operations after it met.
            history.acknowledge(request.durability)
        }
        try reopen(process)
        let isThere = try history.check(logs[process].everything(), afterCrash: false)
        history.settle(isThere)
        if isThere.last == true { _ = WorkloadRun.outcome(of: request, model) }
        return during
    }

    private func outcome(
        of request: AppendRequest,
        _ process: Int
    ) throws(SimulationFailure) -> AppendOutcome {
        WorkloadRun.outcome(of: request, logs[process])
    }

    private static func outcome(
        of request: AppendRequest,
        _ store: some EventStore
    ) -> AppendOutcome {
        do {
            return .placed(try store.append(request))
        } catch {
            return AppendOutcome(error)
        }
    }

    private static func makeModel() -> InMemoryEventStore {
        InMemoryEventStore(now: TestClock().now)
    }
}

/// What came of an append, as far as a store and its model must agree.
enum AppendOutcome: Equatable {
    case placed(AppendResult)
    case refused(Refusal)
    case full
    case failed(StorageError)

    /// Why an append was refused, without the events that came in between.
    enum Refusal: Equatable {
        case conflict(StreamName, Sequence?)
        case conditionFailed(Position)
        case identityReused(EventID)
        case invalid
        case readOnly
    }

    init(_ error: AppendError) {
        switch error {
        case .refused(.conflict(let conflict)):
            self = .refused(.conflict(conflict.stream, conflict.last))
        case .refused(.conditionFailed(let position)): self = .refused(.conditionFailed(position))
        case .refused(.identityReused(let id, _)): self = .refused(.identityReused(id))
        case .refused(.invalid): self = .refused(.invalid)
        case .refused(.readOnly): self = .refused(.readOnly)
        case .failed(let error): self = error.code == .full ? .full : .failed(error)
        }
    }

    /// The entries that an append wrote, each once.
    fileprivate func written(
        of request: AppendRequest,
        after history: History
    ) -> [AppendRequest.Entry] {
        guard case .placed(let result) = self else { return [] }
        var last = Position(UInt64(history.eventCount))
        return zip(request.entries, result.placements).compactMap { entry, placement in
            guard placement.position > last else { return nil }
            last = placement.position
            return entry
        }
    }
}

extension AppendResult {
    /// The last of the positions.
    fileprivate var last: Position { placements.map(\.position).max() ?? .start }
}

extension History {
    /// How many events there are when all requests are there.
    var eventCount: Int { attempts.reduce(0) { $0 + $1.written.count } }

    /// Takes in that everything up to a position is on disk.
    fileprivate mutating func confirm(throughEvent position: Position) {
        var count = 0
        let needed = attempts.prefix { attempt in
            defer { count += attempt.written.count }
            return count < Int(position.number)
        }
        confirm(through: needed.count)
    }
}
