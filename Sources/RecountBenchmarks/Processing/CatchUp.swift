import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import Processing
import Recount

extension EventLog {
    /// Runs groups from the first event on, each in a new database, whose making takes no part in
    /// what is measured.
    ///
    /// - Returns: the seconds until the last one has stored that it handled the last event.
    func catchUp(_ groups: [ReadModelGroup]) throws -> Double {
        try? RealDisk().removeTree(directory.groups)
        for group in groups { _ = try group.open() }
        let head = try head()
        let start = ContinuousClock.now
        let host = ProcessorHost(groups, on: self)
        defer { host.stop() }
        try host.wait(until: head)
        return start.duration(to: .now) / .seconds(1)
    }

    /// A group of one projection, as a program defines it that has no upcasters.
    func group(_ projection: any Projection, named name: String? = nil) -> ReadModelGroup {
        ReadModelGroup(name: name ?? projection.name, directory: directory.groups) { [projection] }
    }
}

extension ProcessorHost {
    /// Starts to run groups in this process.
    convenience init(_ groups: [ReadModelGroup], on log: EventLog) {
        self.init(groups, store: log, process: getpid(), now: EventLog.systemTime)
    }

    /// Waits until all groups have stored a position; looks often enough for short measurements.
    func wait(until position: Position) throws {
        while true {
            let statuses = statuses.values
            if let failure = statuses.compactMap(\.failure).first {
                throw BenchmarkError("a group fails: \(failure)")
            }
            if statuses.allSatisfy({ $0.position >= position }) { return }
            usleep(500)
        }
    }
}

extension [ReadModelGroup] {
    /// How many events all of them have handled together, as their databases tell.
    func handledCount() throws -> UInt64 {
        try reduce(0) { sum, group in
            let progress = try GroupObserver(files: group.files).observe().progress
            return sum + (progress?.accounting.handled ?? 0)
        }
    }
}
