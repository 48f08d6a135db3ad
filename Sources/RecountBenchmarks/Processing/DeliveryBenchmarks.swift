import EventLog
import EventModel
import EventStorage
import Processing
import Recount

/// How fast groups take events in that do nothing with them but store their progress.
struct DeliveryBenchmarks {
    let run: BenchmarkRun
    let log: EventLog

    private static let groupCount = 10

    /// One group, beside reading without any.
    func report(_ report: Report) throws {
        let comparison = try Comparison(
            "processing.deliver",
            [
                Contestant(name: "recount") { try rate(of: catchUp(groups(1))) },
                Contestant(name: "reading the log alone") { try rate(of: read()) },
            ],
            in: run
        )
        report(
            comparison.measurement(
                "processing.deliver",
                unit: "events/s",
                better: .higher,
                bar: run.bar(5_000_000)
            )
        )
    }

    /// Ten groups at once, as multiples of one.
    func reportGroups(_ report: Report) throws {
        let count = DeliveryBenchmarks.groupCount
        let comparisons = [
            ("processing.groups.10", groups(count)),
            ("processing.groups.10.filtered", groups(count, ofOneTypeEach: true)),
        ]
        for (name, groups) in comparisons {
            let comparison = try Comparison(
                name,
                [
                    Contestant(name: "ten groups") { try catchUp(groups) },
                    Contestant(name: "one group of every type") {
                        var round = try catchUp(self.groups(1))
                        // It handles another number of events.
                        round.hash = nil
                        return round
                    },
                ],
                in: run
            )
            var measurement = comparison.measurement(
                name,
                unit: "times one",
                better: .lower,
                bar: run.bar(2)
            )
            measurement.value = comparison.median() / comparison.median(of: 1)
            measurement.peers = []
            report(measurement)
        }
    }

    /// Groups that take every event, or the events of one type each.
    private func groups(_ count: Int, ofOneTypeEach isFiltered: Bool = false) -> [ReadModelGroup] {
        (0..<count).map { number in
            let type = WorkloadEvent.types[number % WorkloadEvent.types.count]
            return log.group(
                EmptyProjection(name: "empty-\(number)", eventTypes: isFiltered ? [type] : nil)
            )
        }
    }

    /// The seconds until groups have gone through the store, and how many events they handled.
    private func catchUp(_ groups: [ReadModelGroup]) throws -> Round {
        let time = try log.catchUp(groups)
        return Round(values: [time], hash: try groups.handledCount())
    }

    private func read() throws -> Round {
        var count: UInt64 = 0
        let time = try seconds {
            try log.read(EventSelection()) { event in
                count += event.payload.isEmpty ? 0 : 1
                return .more
            }
        }
        return Round(values: [time], hash: count)
    }

    /// The events a second of a round that took some time.
    private func rate(of round: Round) throws -> Round {
        let count = Double(try log.head().number)
        return Round(values: round.values.map { count / $0 }, hash: round.hash)
    }
}
