import EventLog
import EventModel
import EventStorage
import ReadModels

/// Fills a scratch copy from the first event on.
struct ScratchBuild {
    private let group: ReadModelGroup
    private let log: EventLog
    private let options: InteractiveReplayOptions

    /// A filled copy.
    struct Result {
        var scratch: ScratchReadModel
        /// Why it stands before an event that it was to handle.
        var failure: String?
        var isInterrupted = false
    }

    init(_ group: ReadModelGroup, _ log: EventLog, _ options: InteractiveReplayOptions) {
        self.group = group
        self.log = log
        self.options = options
    }

    /// Fills a copy up to a position, or up to the event that makes so many handled ones.
    func run(
        through last: Position,
        handling handledMax: UInt64 = .max,
        _ progress: InteractiveReplay.Progress
    ) throws -> Result {
        let scratch = try group.makeScratch(historySizeMax: options.historySizeMax)
        var result = Result(scratch: scratch)
        do {
            try fill(&result, through: last, handling: handledMax, progress)
        } catch let failure as ScratchFailure {
            result.failure = failure.description
            guard scratch.isLost else { return result }
            let before = Position(failure.position.number - 1)
            result.scratch = try group.makeScratch(historySizeMax: options.historySizeMax)
            try result.scratch.build(from: log, through: before) { reached in
                result.isInterrupted = !progress(reached, before)
                return !result.isInterrupted
            }
        }
        return result
    }

    /// Fills all but the last events as fast as it goes, and notes the way back of these.
    private func fill(
        _ result: inout Result,
        through last: Position,
        handling handledMax: UInt64,
        _ progress: InteractiveReplay.Progress
    ) throws {
        let scratch = result.scratch
        var isInterrupted = false
        let count = options.historyCount
        try scratch.build(
            from: log,
            through: Position(last.number - min(last.number, count)),
            handling: handledMax == .max ? .max : handledMax - min(handledMax, count)
        ) { reached in
            isInterrupted = !progress(reached, last)
            return !isInterrupted
        }
        result.isInterrupted = isInterrupted
        guard !isInterrupted, count > 0, scratch.handledCount < handledMax else { return }
        try scratch.step(from: log, through: last) { event, _, _ in
            if scratch.handledCount == handledMax { return .stop }
            guard event.position.number % 256 == 0 else { return .more }
            isInterrupted = !progress(event.position, last)
            return isInterrupted ? .stop : .more
        }
        result.isInterrupted = isInterrupted
    }
}
