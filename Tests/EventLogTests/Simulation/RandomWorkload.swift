import Disk
import EventModel
import EventStorage

extension Workload {
    /// A workload that a seed chooses.
    static func random(seed: UInt64) -> Workload {
        var random = RandomSequence(seed: seed)
        return WorkloadScript.workload("random \(seed)") { script in
            var earlier: [AppendRequest] = []
            for _ in 0..<10 { script.addStep(&random, &earlier) }
            script.append()
        }
    }
}

extension WorkloadScript {
    /// Adds one step that the numbers choose.
    fileprivate mutating func addStep(
        _ random: inout RandomSequence,
        _ earlier: inout [AppendRequest]
    ) {
        let process = random.next(below: 2)
        switch random.next(below: 12) {
        case 0: perform(.reopen(process: process))
        case 1: perform(.read(process: process))
        case 2 where !earlier.isEmpty:
            append(earlier[random.next(below: earlier.count)], by: process)
        case 3 where !earlier.isEmpty:
            var request = earlier[random.next(below: earlier.count)]
            request.entries += self.request(2, to: "order-1").entries
            request.duplicates = .skip
            append(request, by: process)
        case 4:
            let operation = random.next(below: 12)
            let isHalfway = random.next() & 1 == 0
            perform(
                .appendDying(
                    process: process,
                    anyRequest(&random),
                    operation: operation,
                    halfway: isHalfway
                )
            )
        case 5, 6: append(size: WorkloadScript.largeSize, by: process)
        default:
            let request = anyRequest(&random)
            earlier.append(request)
            append(request, by: process)
        }
    }

    private mutating func anyRequest(_ random: inout RandomSequence) -> AppendRequest {
        request(
            1 + random.next(below: 3),
            to: "cart-\(random.next(below: 3))",
            size: [16, 200, 1200][random.next(below: 3)],
            .any,
            random.next(below: 3) == 0 ? .flushed : .synced
        )
    }
}
