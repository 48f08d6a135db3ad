import EventModel
import EventStorage

/// Writes down the steps of a workload, with numbers for the events that no other step has.
struct WorkloadScript {
    private(set) var steps: [Workload.Step] = []
    private var number: UInt64 = 0

    /// Payloads of which two go into a log file, and no third.
    static let largeSize = Workload.fileSize * 2 / 5

    /// Writes down the steps that a function tells.
    static func workload(_ name: String, _ write: (inout WorkloadScript) -> Void) -> Workload {
        var script = WorkloadScript()
        write(&script)
        return Workload(name: name, steps: script.steps)
    }

    /// A request of new events.
    mutating func request(
        _ count: Int = 1,
        to stream: String = "cart-1",
        size: Int = 24,
        _ expectation: StreamExpectation = .any,
        _ durability: Durability = .synced
    ) -> AppendRequest {
        let numbers = number..<number + UInt64(count)
        number = numbers.upperBound
        return .simulated(numbers, to: stream, size: size, expectation, durability)
    }

    /// Appends new events.
    mutating func append(
        _ count: Int = 1,
        to stream: String = "cart-1",
        size: Int = 24,
        _ expectation: StreamExpectation = .any,
        by process: Int = 0
    ) {
        append(request(count, to: stream, size: size, expectation), by: process)
    }

    /// Appends new events without a sync.
    mutating func flush(
        _ count: Int = 1,
        to stream: String = "cart-1",
        size: Int = 24,
        by process: Int = 0
    ) {
        append(request(count, to: stream, size: size, .any, .flushed), by: process)
    }

    /// Appends what a request says.
    mutating func append(_ request: AppendRequest, by process: Int = 0) {
        steps.append(.append(process: process, request))
    }

    /// Does something else.
    mutating func perform(_ step: Workload.Step) {
        steps.append(step)
    }
}
