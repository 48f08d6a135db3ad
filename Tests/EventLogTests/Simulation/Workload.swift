import EventLog
import EventModel
import EventStorage

/// A script of what processes do with one store.
struct Workload: Sendable, CustomStringConvertible {
    /// One thing that a process does.
    enum Step: Sendable {
        /// Appends; what comes of it, the model of the store knows.
        case append(process: Int, AppendRequest)
        /// Appends more than a log file holds, which is refused.
        case appendTooLarge(process: Int, AppendRequest)
        /// Dies at one of its operations after an append has begun, halfway through it or before.
        case appendDying(process: Int, AppendRequest, operation: Int, halfway: Bool)
        /// Ends, and a new process opens the store in its place.
        case reopen(process: Int)
        /// Reads everything.
        case read(process: Int)
        /// Has no more space on the disk, or enough again.
        case full(Bool)
    }

    /// What it stresses.
    let name: String
    /// What is done, in order.
    let steps: [Step]

    var description: String { name }

    /// How many processes take part.
    var processCount: Int {
        1 + (steps.compactMap(\.process).max() ?? 0)
    }

    /// The size of the log files of all workloads: small, so that files are switched often.
    static let fileSize = LogOptions(testing: 16 << 10).fileSize
}

extension Workload.Step {
    fileprivate var process: Int? {
        switch self {
        case .append(let process, _), .appendTooLarge(let process, _),
            .appendDying(let process, _, _, _), .reopen(let process), .read(let process):
            process
        case .full: nil
        }
    }
}

extension AppendRequest {
    /// A request of events with consecutive numbers to one stream; the events have payloads of
    /// `size` bytes.
    static func simulated(
        _ numbers: Range<UInt64>,
        to stream: String = "cart-1",
        size: Int = 24,
        _ expectation: StreamExpectation = .any,
        _ durability: Durability = .synced
    ) -> AppendRequest {
        let events = numbers.map { number in
            PendingEvent(
                id: EventID(high: 0x51, low: number),
                type: EventType("Simulated\(number % 3)"),
                eventTime: Timestamp(microseconds: Int64(number)),
                tags: [EventTag(key: "number", value: "\(number % 4)")],
                metadata: [UInt8](repeating: 0x61, count: Int(number % 5)),
                payload: [UInt8](repeating: UInt8(truncatingIfNeeded: number | 1), count: size)
            )
        }
        var request = AppendRequest(events, to: StreamName(stream), expecting: expectation)
        request.durability = durability
        return request
    }
}
