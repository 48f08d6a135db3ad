import Disk
import EventLog
import EventModel
import EventStorage

/// What must hold of a store that is opened after a crash.
struct RecoveryCheck {
    /// What was asked of the store before the crash.
    let history: History
    /// Whether it was the machine that crashed, and not only a process.
    var isAfterCrash = true
    /// Whether something small is appended before anything else is.
    var hasProbe = false

    /// Opens the store as the crash left it, holds it against the history, appends again what may
    /// have been lost, and opens it once more after another crash.
    ///
    /// - Parameter machine: the machine, after its restart where it crashed; it has space again.
    /// - Throws: ``SimulationFailure`` where anything does not hold.
    func run(_ machine: SimulatedMachine) throws(SimulationFailure) {
        machine.capacity = nil
        let log = try SimulatedStore.openWritable(machine.startProcess())
        let isThere = try history.check(log.everything(), afterCrash: isAfterCrash)
        let complete = try appendAgain(isThere, to: log)
        let events = try log.everything()
        try complete.check(events, afterCrash: false)
        let again = machine.crashed(CrashPolicy(.none, page: .current)).startProcess()
        let reopened = try SimulatedStore.openWritable(again).everything()
        guard reopened.count == events.count else {
            throw SimulationFailure("\(events.count - reopened.count) events were lost later")
        }
        try complete.check(reopened, afterCrash: true)
    }

    /// Appends the requests that are missing, and once more the last that is there.
    ///
    /// - Returns: the history after that, in which everything is certain.
    private func appendAgain(
        _ isThere: [Bool],
        to log: EventLog
    ) throws(SimulationFailure) -> History {
        let found = zip(history.attempts, isThere).filter(\.1).map(\.0)
        let missing = zip(history.attempts, isThere).filter { !$1 }.map(\.0)
        if let last = found.last {
            guard try append(last, to: log) == last.request.entries.count else {
                throw SimulationFailure("a request that was there was appended twice")
            }
        }
        let probes = hasProbe ? [RecoveryCheck.probe] : []
        for attempt in probes + missing { _ = try append(attempt, to: log) }
        var complete = History()
        for attempt in found + probes + missing {
            complete.begin(attempt.request, writing: attempt.written)
            complete.acknowledge(.synced)
        }
        return complete
    }

    private static let probe: History.Attempt = {
        let event = PendingEvent(
            id: EventID(high: 0x52, low: 0),
            type: EventType("Probed"),
            eventTime: Timestamp(microseconds: 0),
            payload: [1]
        )
        let request = AppendRequest([event], to: StreamName("probe-2"))
        return History.Attempt(request: request, written: request.entries, standing: .doubtful)
    }()

    /// Appends a request so that it is on disk.
    ///
    /// - Returns: how many of its events the store had already.
    private func append(
        _ attempt: History.Attempt,
        to log: EventLog
    ) throws(SimulationFailure) -> Int {
        var request = attempt.request
        request.durability = .synced
        do {
            return try log.append(request).duplicateCount
        } catch {
            throw SimulationFailure("the store takes no append: \(error)")
        }
    }
}
