import EventLog
import EventModel
public import OperationsModel

extension StoreOperations {
    /// Everything that is or will be wrong, worst first.
    public func problems() throws(OperationsError) -> [Problem] {
        var problems: [Problem] = []
        if let reason = log.readOnlyReason {
            problems.append(
                Problem(
                    severity: .critical,
                    place: .store,
                    summary: "nothing can be appended: \(reason)",
                    remedy: "see recount doctor"
                )
            )
        }
        problems += try processors().compactMap { $0.problem(at: now()) }
        // Equal severities stay in the order of the groups' names.
        return Problem.Severity.allGravestFirst.flatMap { severity in
            problems.filter { $0.severity == severity }
        }
    }
}

extension Problem.Severity {
    fileprivate static let allGravestFirst: [Problem.Severity] = [.critical, .warning, .notice]
}

extension ProcessorStatus {
    /// Seconds of lag from which a group is a problem.
    private static let lagWarningSeconds = 60.0

    /// What is wrong with the group; nothing where nothing is.
    fileprivate func problem(at time: Timestamp) -> Problem? {
        switch state {
        case .failing:
            problem(
                .critical,
                "\(group) fails: \(failure ?? "unknown failure")",
                "mend the projection, then resume the group"
            )
        case .aheadOfHistory:
            problem(
                .critical,
                "\(group) is ahead of history: its token is at \(position), the log ends at \(head)",
                "replay the group; the log was restored to an earlier position"
            )
        case .stalled:
            problem(
                .critical,
                "\(group) stalled at position \(position) with \(lagEvents) events before it",
                "look at its process \(owner ?? ""), restart it if it hangs",
                since: heartbeatSeconds.map { time.advanced(bySeconds: -$0) }
            )
        case .noHost where lagEvents > 0:
            problem(
                .warning,
                "\(group) is run by no process and lags \(lagEvents) events",
                "start the application, or recount run"
            )
        case .paused:
            problem(
                .notice,
                "\(group) is paused: \(pauseReason ?? "")",
                "resume it when the reason is gone"
            )
        case .live, .catchingUp:
            lagSeconds > ProcessorStatus.lagWarningSeconds
                ? problem(
                    .warning,
                    "\(group) lags \(lagEvents) events, \(Int(lagSeconds)) s",
                    "see whether it gains on the head",
                    since: time.advanced(bySeconds: -lagSeconds)
                ) : nil
        case .replaying, .noHost:
            nil
        }
    }

    private func problem(
        _ severity: Problem.Severity,
        _ summary: String,
        _ remedy: String,
        since: Timestamp? = nil
    ) -> Problem {
        Problem(
            severity: severity,
            place: .processor(group),
            summary: summary,
            remedy: remedy,
            since: since
        )
    }
}
