import Aggregates
import EventModel
public import OperationsModel

extension StoreOperations {
    /// How long commands took in this hour and the one before it, the slowest first.
    public func commands() throws(OperationsError) -> [CommandSummary] {
        try OperationsError.telling {
            try commandLatencies.entries(since: now().advanced(bySeconds: -3600)).map { entry in
                CommandSummary(
                    category: entry.category,
                    command: entry.command,
                    count: entry.latencies.count,
                    medianMicroseconds: entry.latencies.microseconds(atShare: 0.5),
                    percentile99Microseconds: entry.latencies.microseconds(atShare: 0.99),
                    maximumMicroseconds: entry.latencies.maximumMicroseconds
                )
            }
            .sorted { $0.percentile99Microseconds > $1.percentile99Microseconds }
        }
    }

    /// That commands are slow, where some are.
    var slowCommandProblem: Problem? {
        // Without the figures, there is nothing to say of them.
        let slow = ((try? commands()) ?? []).filter(\.isSlow)
        guard let worst = slow.first else { return nil }
        func milliseconds(_ microseconds: Int64) -> Int64 { (microseconds + 500) / 1000 }
        let others = slow.count == 1 ? "" : "; \(slow.count - 1) more commands are slow"
        return Problem(
            severity: .notice,
            place: .store,
            summary: "\(worst.command) of \(worst.category) is slow: one in a hundred takes "
                + "\(milliseconds(worst.percentile99Microseconds)) ms or more, the median is "
                + "\(milliseconds(worst.medianMicroseconds)) ms\(others)",
            remedy: "see recount commands; long streams without snapshots and busy disks make "
                + "commands slow"
        )
    }

    /// The worst stream of each category that has one with more than ten times as many events after
    /// its last snapshot as the rules ask for; ten thousand where they do not go by the number.
    ///
    /// - Complexity: one look at each stream and each snapshot of the store.
    package func longTailProblems() throws(OperationsError) -> [Problem] {
        try snapshotCoverage().compactMap(\.longTailProblem)
    }
}

extension SnapshotCoverage {
    fileprivate var longTailProblem: Problem? {
        // More than ten times as many as asked for, which may be any number.
        guard let worst = outliers.first,
            (worst.eventsAfterCount - 1) / 10 >= UInt64(every ?? 1000)
        else { return nil }
        let rule = every.map { "one is due every \($0)" } ?? "none is taken by their number"
        return Problem(
            severity: .notice,
            place: .stream(worst.stream),
            summary: "\(worst.stream) has \(worst.eventsAfterCount) events after its last "
                + "snapshot; \(rule)",
            remedy: "recount snapshots take --category \(category)"
        )
    }
}
