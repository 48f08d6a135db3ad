import EventLog
import EventModel
import EventStorage
import Glibc
import Processing
import Recount

/// A replay, from when it was asked for.
struct ReplayRun {
    private let log: EventLog
    private let operation: EventID

    init(of group: ReadModelGroup, isShadow: Bool = false, on log: EventLog) throws {
        self.log = log
        let request = Operation(
            id: EventID(high: 0x150B, low: try log.head().number),
            act: .replay(group: group.name, after: .start, rateLimit: nil, isShadow: isShadow),
            operatorName: "benchmark",
            host: "here",
            reason: "to measure"
        )
        operation = request.id
        _ = try log.append(AppendRequest(ofSystem: [request.event], to: Operation.stream))
    }

    /// Whether it has come to its end, which must be a good one.
    func isOver() throws -> Bool {
        let selection = EventSelection(.stream(Operation.stream), direction: .backwards)
        var result: OperationOutcome.Result?
        try log.read(selection) { event in
            let outcome = OperationOutcome(event.recorded)
            guard outcome?.operation == operation else {
                return event.id == operation ? .stop : .more
            }
            result = outcome?.result
            return .stop
        }
        guard let result, result != .started else { return false }
        guard result == .completed else { throw BenchmarkError("a replay failed") }
        return true
    }

    /// Waits until it is over.
    func wait() throws {
        while try !isOver() { usleep(2000) }
    }
}
