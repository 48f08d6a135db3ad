import EventLog
public import EventModel
import EventStorage
public import OperationsModel
import ReadModels

/// Goes through the history of a group's read model event by event, forwards and back, in a scratch
/// copy.
///
/// The copy is filled from the first event on, as the group would be by today's definition, and
/// lies in a temporary database of which nothing is left. The group itself, its database, its claim
/// and `$operations` are not touched, whether it runs or not. For use by one thread at a time,
/// which every call blocks.
public final class InteractiveReplay {
    /// Hears how far work has come, at least every few thousand events; says whether to go on.
    public typealias Progress = (_ reached: Position, _ last: Position) -> Bool

    let group: ReadModelGroup
    let operations: StoreOperations
    let options: InteractiveReplayOptions
    var scratch: ScratchReadModel
    /// The event that keeps the copy from getting where it was to begin, and why; nothing where it
    /// got there.
    public private(set) var failure: String?

    /// Makes a copy as of a point.
    ///
    /// - Parameters:
    ///   - operations: the store and its domain.
    ///   - name: the group, which need not have run.
    ///   - point: where to begin; where an event before it cannot be handled, the copy begins
    ///     before that event, and ``failure`` says why.
    ///   - options: what is told and remembered.
    ///   - progress: hears how far it has come.
    /// - Throws: `notFound` where there is no such group, `invalid` for a position beyond the head,
    ///   `refused` where `progress` said stop, `storage` where log or copy fail, which has no room
    ///   perhaps.
    public init(
        _ operations: StoreOperations,
        group name: String,
        at point: ReadModelPoint = .position(.start),
        options: InteractiveReplayOptions = InteractiveReplayOptions(),
        progress: Progress = { _, _ in true }
    ) throws(OperationsError) {
        self.operations = operations
        self.options = options
        let group = try operations.group(name)
        self.group = group
        let position = try operations.position(of: point)
        let made = try OperationsError.telling {
            try ScratchBuild(group, operations.log, options).run(through: position, progress)
        }
        scratch = made.scratch
        failure = made.failure
        if made.isInterrupted {
            throw OperationsError(
                .refused,
                "the copy was given up at position \(scratch.position) of \(position)"
            )
        }
    }

    /// The last position decided.
    public var position: Position { scratch.position }

    /// Moves the copy and tells what became of its rows.
    ///
    /// A way back that is too long to be remembered is gone by filling another copy from the
    /// beginning, which can take long and is told in ``ReplayStep/notes``.
    ///
    /// - Parameters:
    ///   - move: where to.
    ///   - progress: hears how far it has come; where it says stop, the copy stays where it is.
    /// - Returns: where the copy is now, and what differs.
    /// - Throws: `invalid` for a position beyond the head and for wrong SQL, `refused` for SQL that
    ///   does more than read, `storage` where log or copy fail. ``position`` tells where the copy
    ///   is then.
    public func move(
        _ move: ReplayMove,
        progress: Progress = { _, _ in true }
    ) throws(OperationsError) -> ReplayStep {
        failure = nil
        guard !scratch.isLost else {
            throw OperationsError(
                .storage,
                "the copy was lost with an earlier failure; begin another one"
            )
        }
        return try OperationsError.telling { try perform(move, progress) }
    }

    /// Whether it is told that a position is reached by stepping; handlers may be slow.
    static func tellsProgress(at position: Position) -> Bool { position.number % 16 == 0 }

    private func perform(_ move: ReplayMove, _ progress: Progress) throws -> ReplayStep {
        switch move {
        case .next(let count):
            let target = scratch.handledCount + UInt64(max(1, count))
            return try forwards(to: operations.log.head(), orElse: .atHead, progress) {
                $0.isHandled && scratch.handledCount == target ? .reached : nil
            }
        case .back(let count):
            return try back(over: UInt64(max(1, count)), progress)
        case .to(let point):
            let target = try operations.position(of: point)
            return target < position
                ? try back(to: target, progress) : try forwards(to: target, progress)
        case .stream(let name):
            return try forwards(to: EventSelection(.stream(name), after: position), progress)
        case .type(let type):
            return try forwards(to: EventSelection(after: position, types: [type]), progress)
        case .until(let sql):
            return try forwards(until: sql, progress)
        }
    }
}

/// What an interactive replay tells and remembers.
public struct InteractiveReplayOptions: Hashable, Sendable {
    /// How many changed rows a step tells at most.
    public var changeCountMax: Int
    /// The bytes of memory that the way back may take.
    public var historySizeMax: Int
    /// How many handled events before the beginning the way back is remembered of.
    public var historyCount: UInt64
    /// How many rows the tables may have to be compared after a way back that was not remembered.
    public var comparedCountMax: Int64

    /// Makes options.
    public init(
        changeCountMax: Int = 100,
        historySizeMax: Int = 64 << 20,
        historyCount: UInt64 = 1000,
        comparedCountMax: Int64 = 100_000
    ) {
        self.changeCountMax = changeCountMax
        self.historySizeMax = historySizeMax
        self.historyCount = historyCount
        self.comparedCountMax = comparedCountMax
    }
}
