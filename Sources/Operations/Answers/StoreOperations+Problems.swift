import Disk
import EventLog
import EventModel
import EventStorage
public import OperationsModel

extension StoreOperations {
    /// Everything that is or will be wrong as far as a quick look tells, worst first.
    ///
    /// Takes time for each log file and each group, not for events.
    public func problems() throws(OperationsError) -> [Problem] {
        let files = try OperationsError.telling {
            try EventLog.examine(log.directory, depth: .quick, disk: disk)
        }
        return Problem.sorted(
            files.findings.map { Problem($0) } + (try problemsInUse())
        )
    }

    /// What is wrong with the store beside its files: whether it can be written to, how its groups
    /// stand, and whether commands are slow, worst first.
    package func problemsInUse() throws(OperationsError) -> [Problem] {
        var problems: [Problem] = []
        if let reason = log.readOnlyReason {
            problems.append(
                Problem(
                    severity: .critical,
                    place: .store,
                    summary: "nothing can be appended: \(reason)",
                    remedy: "see recount doctor, and the guide to recovery",
                    kind: "readOnly"
                )
            )
        }
        if let failure = log.upkeepFailure {
            problems.append(
                Problem(
                    severity: .warning,
                    place: .store,
                    summary: "the next log file or an index file cannot be made: \(failure)",
                    remedy: "free space or check the disk before the last log file is full",
                    kind: "upkeepFailed"
                )
            )
        }
        problems += StoreWitnesses(of: log.directory, disk: disk).problems
        for processor in try processors() {
            problems += [
                processor.problem(at: now()), processor.accountingProblem, processor.letterProblem,
            ].compactMap { $0 }
        }
        if let problem = slowCommandProblem { problems.append(problem) }
        return Problem.sorted(problems)
    }
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
                "\(group) is ahead of history: \(rewind?.what ?? "its token is at \(position)")",
                rewind?.remedy ?? "restore the log, or replay the group"
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

    /// What is wrong where events were lost or handled twice; nothing where none were.
    fileprivate var accountingProblem: Problem? {
        guard let accounting, !accounting.isComplete else { return nil }
        return problem(
            .critical,
            "\(group) accounts for \(accounting.total) of \(accounting.positionCount) events after "
                + "position \(accounting.after), through \(accounting.through): "
                + "\(accounting.handled) handled, \(accounting.filtered) filtered, "
                + "\(accounting.deadLettered) dead-lettered, \(accounting.skipped) skipped",
            "see recount compare whether its rows are what the events say, and replay it"
        )
    }

    /// What is wrong where events have been put aside; nothing where none have.
    fileprivate var letterProblem: Problem? {
        guard deadLetterCount > 0 else { return nil }
        let letters = deadLetterCount == 1 ? "dead letter" : "dead letters"
        return problem(
            .warning,
            "\(group) has \(deadLetterCount) \(letters)",
            "see recount dead-letters; mend the projection and retry, or discard them"
        )
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
