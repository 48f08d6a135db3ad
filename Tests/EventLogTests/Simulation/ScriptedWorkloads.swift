import EventModel
import EventStorage

extension Workload {
    /// The workloads that are written by hand, each for what it stresses.
    static let scripted = writing + switching + repeating + sharing

    private static let writing = [
        WorkloadScript.workload("first append") { $0.append() },
        WorkloadScript.workload("one event after the other") { script in
            for _ in 0..<5 { script.append() }
        },
        WorkloadScript.workload("batches of several sizes") { script in
            for count in [1, 7, 2, 12] { script.append(count) }
        },
        WorkloadScript.workload("several streams in one batch") { script in
            for _ in 0..<3 {
                var request = script.request(2, to: "cart-1")
                request.entries += script.request(2, to: "order-1").entries
                request.entries += script.request(1, to: "cart-1").entries
                script.append(request)
            }
        },
        WorkloadScript.workload("records across sectors") { script in
            for size in [300, 700, 1500, 4000] { script.append(size: size) }
        },
        WorkloadScript.workload("flushed only") { script in
            for _ in 0..<4 { script.flush(2) }
        },
        WorkloadScript.workload("flushed, then synced") { script in
            for _ in 0..<3 { script.flush(size: 600) }
            script.append()
            script.flush()
        },
        WorkloadScript.workload("flushed, then opened again") { script in
            script.flush(3)
            script.perform(.reopen(process: 0))
            script.flush(2)
            script.perform(.reopen(process: 0))
            script.append()
        },
        WorkloadScript.workload("opened again and again") { script in
            for _ in 0..<3 {
                script.append(2)
                script.perform(.reopen(process: 0))
            }
        },
        WorkloadScript.workload("expectations that hold and that do not") { script in
            script.append(2, .noStream)
            script.append(1, .noStream)
            script.append(1, .exactly(Sequence(1)))
            script.append(1, .exactly(Sequence(1)))
            script.append(1, to: "order-1", .streamExists)
            script.append(1, .streamExists)
        },
    ]

    private static let switching = [
        WorkloadScript.workload("a file switch") { script in
            for _ in 0..<4 { script.append(size: WorkloadScript.largeSize) }
        },
        WorkloadScript.workload("file switches with small events between") { script in
            for _ in 0..<3 {
                script.append(size: WorkloadScript.largeSize)
                script.append(3)
            }
        },
        WorkloadScript.workload("a file switch of flushed events") { script in
            for _ in 0..<4 { script.flush(size: WorkloadScript.largeSize) }
            script.append()
        },
        WorkloadScript.workload("a switch of flushed events to a file not made ahead") { script in
            // There is no space when it is time to make it, and too much comes before the next try.
            script.perform(.full(true))
            script.flush(size: 5000)
            script.perform(.full(false))
            for size in [11_500, 500] { script.flush(size: size) }
            script.append()
        },
        WorkloadScript.workload("opened again after a file switch") { script in
            for _ in 0..<3 { script.append(size: WorkloadScript.largeSize) }
            script.perform(.reopen(process: 0))
            script.append()
            for _ in 0..<2 { script.append(size: WorkloadScript.largeSize) }
        },
        WorkloadScript.workload("batches larger than a file") { script in
            script.append()
            let request = script.request(size: Workload.fileSize)
            script.perform(.appendTooLarge(process: 0, request))
            script.append()
        },
        WorkloadScript.workload("a full disk and back") { script in
            script.append(size: WorkloadScript.largeSize)
            script.perform(.full(true))
            for _ in 0..<3 { script.append(size: WorkloadScript.largeSize) }
            script.perform(.full(false))
            for _ in 0..<2 { script.append(size: WorkloadScript.largeSize) }
        },
    ]

    private static let repeating = [
        WorkloadScript.workload("duplicates") { script in
            let request = script.request(3, .noStream)
            for _ in 0..<3 { script.append(request) }
            script.append()
            script.append(request)
        },
        WorkloadScript.workload("duplicates across a restart and a file switch") { script in
            let request = script.request(2, size: WorkloadScript.largeSize / 2)
            script.append(request)
            script.append(size: WorkloadScript.largeSize)
            script.perform(.reopen(process: 0))
            script.append(request)
            script.append(size: WorkloadScript.largeSize)
            script.append(request)
        },
        WorkloadScript.workload("flushed, then sent again as synced") { script in
            var request = script.request(2, to: "cart-1", size: 500, .any, .flushed)
            script.append(request)
            script.flush()
            request.durability = .synced
            script.append(request)
        },
        WorkloadScript.workload("an import that skips what is known") { script in
            var request = script.request(2)
            script.append(request)
            request.entries += script.request(3, to: "order-1").entries
            request.duplicates = .skip
            script.append(request)
            script.append(request)
        },
        WorkloadScript.workload("an identity used again") { script in
            var request = script.request(2)
            script.append(request)
            request.entries += script.request(1).entries
            script.append(request)
            request.entries[0].stream = StreamName("order-1")
            script.append(request)
            script.append()
        },
        WorkloadScript.workload("conditions that hold and that do not") { script in
            script.append(3)
            for after in UInt64(1)...4 {
                var request = script.request(1)
                let item = AppendCondition.Item(tags: [EventTag(key: "number", value: "2")])
                request.condition = AppendCondition(
                    failIfEventsMatch: [item],
                    after: Position(after)
                )
                script.append(request)
            }
        },
    ]

    private static let sharing = [
        WorkloadScript.workload("two writers in turns") { script in
            for number in 0..<6 { script.append(2, by: number % 2) }
        },
        WorkloadScript.workload("two writers and a file switch") { script in
            for number in 0..<5 {
                script.append(size: WorkloadScript.largeSize, by: number % 2)
            }
        },
        WorkloadScript.workload("one flushes, the other syncs") { script in
            script.flush(2, by: 0)
            script.append(by: 1)
            script.flush(by: 1)
            script.flush(by: 0)
            script.append(by: 0)
        },
        WorkloadScript.workload("three processes that come and go") { script in
            script.append(by: 0)
            script.append(by: 1)
            script.perform(.reopen(process: 0))
            script.flush(by: 2)
            script.perform(.reopen(process: 2))
            script.append(by: 0)
            script.perform(.read(process: 1))
        },
        WorkloadScript.workload("a writer that dies before and within its write") { script in
            script.append(by: 1)
            for operation in 0..<6 {
                script.perform(
                    .appendDying(
                        process: 0,
                        script.request(size: 900),
                        operation: operation,
                        halfway: operation % 2 == 0
                    )
                )
            }
            script.append(by: 1)
        },
        WorkloadScript.workload("a writer that dies over a file switch") { script in
            for operation in [2, 5, 8, 11] {
                script.append(size: WorkloadScript.largeSize, by: 1)
                script.perform(
                    .appendDying(
                        process: 0,
                        script.request(size: WorkloadScript.largeSize),
                        operation: operation,
                        halfway: true
                    )
                )
            }
            script.append(by: 1)
        },
    ]
}
