import Disk
import EventLog
import EventStorage

/// Deaths of one process at each of its operations, while another goes on with the same store.
struct KillSweep {
    /// What the process is to append until it dies.
    let requests: [AppendRequest]
    /// What the other appends afterwards.
    let probe: AppendRequest
    /// How many deaths were tried.
    private(set) var deathCount = 0

    init(_ requests: [AppendRequest], probe: AppendRequest) {
        self.requests = requests
        self.probe = probe
    }

    /// Lets the process die at every operation, before it and halfway through it.
    mutating func run(on tree: SimulatedTree) throws(SimulationFailure) {
        for isHalfway in [false, true] {
            var operation = 0
            while try die(at: operation, halfway: isHalfway, on: tree) { operation += 1 }
            deathCount += operation
        }
    }

    /// - Returns: whether the process came as far as to die.
    private func die(
        at operation: Int,
        halfway isHalfway: Bool,
        on tree: SimulatedTree
    ) throws(SimulationFailure) -> Bool {
        let machine = SimulatedMachine(restarting: tree, seed: 1)
        let other = try SimulatedStore.openWritable(machine.startProcess())
        let disk = machine.startProcess()
        disk.kill(atOperation: operation, halfway: isHalfway)
        var history = appendUntilDeath(disk)
        guard disk.isDead else { return false }
        do throws(SimulationFailure) {
            try goOn(other, &history)
            try RecoveryCheck(history: history, isAfterCrash: false).run(machine)
        } catch {
            throw SimulationFailure("\(error), after a death at operation \(operation)")
        }
        return true
    }

    private func appendUntilDeath(_ disk: SimulatedDisk) -> History {
        var history = History()
        guard let log = try? SimulatedStore.open(disk) else { return history }
        for request in requests where !disk.isDead {
            history.begin(request, writing: request.entries)
            if (try? log.append(request)) != nil { history.acknowledge(request.durability) }
        }
        return history
    }

    /// Lets the other process append and read.
    private func goOn(
        _ log: EventLog,
        _ history: inout History
    ) throws(SimulationFailure) {
        history.begin(probe, writing: probe.entries)
        do throws(AppendError) {
            _ = try log.append(probe)
        } catch {
            throw SimulationFailure("the other process cannot append: \(error)")
        }
        history.acknowledge(probe.durability)
        let events = try log.everything()
        history.settle(try history.check(events, afterCrash: false))
        history.confirm(through: history.attempts.count)
    }
}
