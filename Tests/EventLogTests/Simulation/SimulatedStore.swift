import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting

/// The store of a workload on a simulated machine.
enum SimulatedStore {
    /// Where it lies.
    static let directory = StoreDirectory("/data/test.store")

    /// A disk with an empty store on which everything is synced, after a start of the machine.
    static func makeTree() throws -> SimulatedTree {
        let machine = SimulatedMachine(seed: 1)
        try machine.startProcess().createDirectory("/data")
        _ = try create(machine.startProcess())
        let tree = machine.image.tree
        return tree.crashed(CrashPolicy(.all).plan(for: tree))
    }

    /// Makes a store.
    static func create(_ disk: SimulatedDisk) throws -> EventLog {
        let now = TestClock().now
        try EventLog.make(
            directory,
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: Workload.fileSize),
            disk: disk,
            now: now
        )
        return try EventLog.open(directory, disk: disk, upkeep: .inline, now: now)
    }

    /// Opens the store as a process whose clock shows a time that has long passed, but never the
    /// same time twice.
    static func open(_ disk: SimulatedDisk) throws -> EventLog {
        let second = Int64(disk.bootIdentity % 1_000_000)
        let start = 1_600_000_000_000_000 + second * 1_000_000 + Int64(disk.machine.operationCount)
        let clock = TestClock(Timestamp(microseconds: start))
        return try EventLog.open(directory, disk: disk, upkeep: .inline, now: clock.now)
    }

    /// Opens the store for writing.
    ///
    /// - Throws: ``SimulationFailure`` where it is refused or only for reading.
    static func openWritable(_ disk: SimulatedDisk) throws(SimulationFailure) -> EventLog {
        do {
            let log = try open(disk)
            guard let reason = log.readOnlyReason else { return log }
            throw SimulationFailure("the store is read-only: \(reason)")
        } catch let failure as SimulationFailure {
            throw failure
        } catch {
            throw SimulationFailure("the store cannot be opened: \(error)")
        }
    }
}

extension EventLog {
    /// Everything in the store.
    func everything() throws(SimulationFailure) -> [RecordedEvent] {
        do {
            return try events(EventSelection())
        } catch {
            throw SimulationFailure("the store cannot be read: \(error)")
        }
    }
}
