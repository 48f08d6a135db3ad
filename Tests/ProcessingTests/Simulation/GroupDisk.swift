import EventModel
@testable import Processing

/// What all hosts of a simulated group share: its files and the pages of its segments.
final class GroupDisk {
    /// The generations there are, by their numbers.
    var generations: [Int: RowsFile] = [:]
    /// The drafts there are, by the numbers that they will have.
    var drafts: [Int: RowsFile] = [:]
    /// The page of each segment, by its number.
    var pages: [UInt32: ClaimPage] = [:]

    /// The generation in use.
    var inUse: (number: Int, file: RowsFile)? {
        generations.max { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Takes from a storage, which is gone, the locks that it has.
    func freeLocks(of holder: HostNumber) {
        for file in Array(generations.values) + Array(drafts.values) where file.writer == holder {
            file.writer = nil
        }
        for id in pages.keys where pages[id]?.lockHolder == holder { pages[id]?.lockHolder = nil }
    }
}

/// The page in which the owner of a segment shows signs of life.
struct ClaimPage {
    var lockHolder: HostNumber?
    var owner: HostNumber?
    var beat: UInt64 = 0
    var beatTime = Duration.zero
    var asker: HostNumber?
    var gatherer: HostNumber?
}

/// A file with the rows of a generation; one writer at a time.
final class RowsFile {
    /// What was committed last.
    var content: RowsContent
    /// Changes with each commit.
    var version = 0
    /// Who is in a transaction.
    var writer: HostNumber?
    /// What the group had decided before it began with these rows: each of that is a replay here.
    var known: Set<Position>
    /// Where what was decided is not what the log holds, the last position up to which it is.
    var common: Position?
    /// Where it is a draft, the rows beside which it is made.
    let origin: RowsFile?

    init(_ content: RowsContent, known: Set<Position> = [], beside origin: RowsFile? = nil) {
        self.content = content
        self.known = known
        self.origin = origin
    }

    /// Whether the group had handled an event before, and with these rows has to handle it again.
    func isKnown(_ position: Position) -> Bool {
        known.contains(position) || origin.map { $0.remembered.contains(position) } ?? false
    }

    /// What the group has ever decided, before these rows or with them.
    private var decided: Set<Position> { known.union(content.decided) }

    /// What the group knows to have decided of what the log holds.
    var remembered: Set<Position> {
        guard let common else { return decided }
        let last = content.lastMark(through: common)
        return decided.filter { $0 <= last }
    }
}

/// What a transaction changes as a whole.
struct RowsContent: Equatable {
    /// An event that a handler took.
    struct Row: Equatable {
        var position: Position
        var isReplay: Bool
        /// The number of the generation in which it was handled.
        var generation: Int
        /// Whether it had been put aside.
        var wasLetter = false
    }

    struct SegmentRow: Equatable {
        var progress: SegmentProgress
        var claim: Int64
    }

    /// What is the group's and not a segment's; its segments mean nothing.
    var shared: GroupProgress?
    var segments: [UInt32: SegmentRow] = [:]
    var rows: [Row] = []
    var letters: [Position: DeadLetter] = [:]
    var skipped: [Position: EventID] = [:]
    var marks: [Position: HistoryMark] = [:]
    /// The letters that an operator gave up.
    var discarded: Set<Position> = []
    /// The events that became rows or letters.
    var decided: Set<Position> = []
    var origin: KeptGeneration?
    var failure: String?

    /// What was stored; nothing where the group never ran.
    var progress: GroupProgress? {
        guard var progress = shared else { return nil }
        progress.segments = segments.values.map(\.progress).sorted { $0.segment < $1.segment }
        return progress
    }

    /// Whether a claim on a segment is the one that was written down last.
    func isClaimed(_ segment: Segment, by claim: Int64) -> Bool {
        segments[segment.id].map { $0.progress.segment == segment && $0.claim == claim } ?? false
    }

    /// The same without what another process may change while nobody uses the rows.
    var lasting: RowsContent {
        var lasting = self
        lasting.skipped = [:]
        lasting.failure = nil
        lasting.shared?.nextOperation = .first
        lasting.shared?.lastOperation = nil
        lasting.shared?.pauseReason = nil
        lasting.shared?.segments = []
        lasting.shared?.retry = nil
        lasting.shared?.shadow = nil
        for id in segments.keys { lasting.segments[id]?.claim = 0 }
        return lasting
    }
}
