import ConsoleModel
public import EventModel
public import OperationsModel

/// What Pulse tells, as lines of plain text: all of it first, then what changed.
///
/// The lines hold text from outside and are not sanitized yet.
public struct PlainReport: Sendable {
    private var problems: [ProblemKey: Problem]?
    private var states: [String: ProcessorStatus.State] = [:]
    private var error: String?

    private struct ProblemKey: Hashable {
        var place: Problem.Place
        var severity: Problem.Severity
    }

    /// Makes a report that has told nothing yet.
    public init() {}

    /// The lines to tell after the store answered; none where nothing changed.
    ///
    /// Numbers that only count on, such as the lag of a group that goes on working, are no change.
    public mutating func lines(
        status: StoreStatus,
        problems list: [Problem],
        processors: [ProcessorStatus]
    ) -> [String] {
        let isFirst = problems == nil
        var lines: [String] = []
        if error != nil { lines.append("the store answers again") }
        error = nil
        lines += problemLines(list)
        for group in processors {
            let before = states[group.group]
            guard before != group.state else { continue }
            lines.append(line(for: group, before: before))
        }
        states = Dictionary(
            processors.map { ($0.group, $0.state) },
            uniquingKeysWith: { first, _ in first }
        )
        guard !lines.isEmpty || isFirst else { return [] }
        let stamp = TimeWording(now: status.measuredTime).full(status.measuredTime)
        return ["\(stamp)  \(verdict(status, list, processors))"] + lines.map { "  \($0)" }
    }

    /// The lines to tell after the store did not answer; none where that was told already.
    public mutating func lines(failure: OperationsError, at time: Timestamp) -> [String] {
        guard error != failure.message else { return [] }
        error = failure.message
        return ["\(TimeWording(now: time).full(time))  no answer: \(failure.message)"]
    }

    private mutating func problemLines(_ list: [Problem]) -> [String] {
        let fresh = Dictionary(
            list.map { (ProblemKey(place: $0.place, severity: $0.severity), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let known = problems ?? [:]
        problems = fresh
        let over = known.filter { fresh[$0.key] == nil }.values
            .map { "over: \($0.place.name): \($0.summaryAtPlace)" }.sorted()
        let new = list.filter {
            known[ProblemKey(place: $0.place, severity: $0.severity)] == nil
        }
        return over
            + new.flatMap { problem in
                [
                    "\(problem.severity.word): \(problem.place.name): \(problem.summaryAtPlace)",
                    "  what to do: \(problem.remedy)",
                ]
            }
    }

    private func line(for group: ProcessorStatus, before: ProcessorStatus.State?) -> String {
        var text = "group \(group.group): "
        if let before { text += "\(before.word), now " }
        text += group.state.word
        if group.lagEvents > 0 {
            text += ", \(Wording.counted(group.lagEvents, "event"))"
            text += " or \(Wording.duration(group.lagSeconds)) behind"
        }
        if group.deadLetterCount > 0 {
            text += ", \(Wording.counted(group.deadLetterCount, "dead letter"))"
        }
        return text + ", \(Wording.rate(group.ratePerSecond))"
    }

    private func verdict(
        _ status: StoreStatus,
        _ problems: [Problem],
        _ processors: [ProcessorStatus]
    ) -> String {
        let serious = problems.filter { $0.severity > .notice }
        let live = processors.count { $0.state == .live }
        let words = serious.isEmpty ? "no problems" : Wording.counted(serious.count, "problem")
        return "\(status.name): \(words), \(live) of \(Wording.counted(processors.count, "group"))"
            + " live, head \(Wording.grouped(status.head.number))"
    }
}
