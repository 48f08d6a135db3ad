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
            result.isInterrupted = try !build(result.scratch, through: before) {
                progress($0, before)
            }
        }
        return result
    }

    /// Fills a copy as fast as it goes, in parts of about a tenth of a second, so that whoever
    /// gives it up need not wait for slow handlers; false where somebody did.
    private func build(
        _ scratch: ScratchReadModel,
        through last: Position,
        handling handledMax: UInt64 = .max,
        _ progress: (Position) -> Bool
    ) throws -> Bool {
        var count: UInt64 = 64
        var goesOn = true
        while goesOn, scratch.position < last, scratch.handledCount < handledMax {
            let start = ContinuousClock.now
            let end = min(last, Position(scratch.position.number + count))
            try scratch.build(from: log, through: end, handling: handledMax) { reached in
                goesOn = progress(reached)
                return goesOn
            }
            let isSlow = ContinuousClock.now - start > .milliseconds(100)
            count = isSlow ? max(1, count / 2) : min(1 << 20, count * 2)
        }
        return goesOn
    }

    /// Fills all but the last events as fast as it goes, and notes the way back of these.
    private func fill(
        _ result: inout Result,
        through last: Position,
        handling handledMax: UInt64,
        _ progress: InteractiveReplay.Progress
    ) throws {
        let scratch = result.scratch
        let count = options.historyCount
        var isInterrupted = try !build(
            scratch,
            through: Position(last.number - min(last.number, count)),
            handling: handledMax == .max ? .max : handledMax - min(handledMax, count)
        ) {
            progress($0, last)
        }
        result.isInterrupted = isInterrupted
        guard !isInterrupted, count > 0, scratch.handledCount < handledMax else { return }
        try scratch.step(from: log, through: last) { event, _, _ in
            if scratch.handledCount == handledMax { return .stop }
            guard InteractiveReplay.tellsProgress(at: event.position) else { return .more }
            isInterrupted = !progress(event.position, last)
            return isInterrupted ? .stop : .more
        }
        result.isInterrupted = isInterrupted
    }
}
