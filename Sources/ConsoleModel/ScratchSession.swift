public import EventModel
public import OperationsModel

/// What the console wants done with a scratch copy.
public enum ScratchOrder: Hashable, Sendable {
    /// Make one of a group as of a point, in place of any other.
    case make(group: String, at: ReadModelPoint)
    /// Move it.
    case move(ReplayMove)
    /// Show rows as they are where it stands.
    case rows(RowSource)
}

/// What came of a ``ScratchOrder``.
public enum ScratchAnswer: Hashable, Sendable {
    /// The copy is made and stands where the step ends; it did not get farther for a failure.
    case made(ReplayStep, failure: String?)
    /// The copy moved.
    case moved(ReplayStep)
    /// The rows.
    case rows(RowPage)
}

/// Which order an answer belongs to; a higher number is a later order.
public struct ScratchToken: Hashable, Sendable {
    /// The number of the order in this console.
    public let number: UInt64

    /// Makes a token.
    public init(number: UInt64) {
        self.number = number
    }
}

/// The scratch copy of a console, for the thread that works on it.
public struct ScratchSession {
    private let source: any OperationsSource
    private var copy: (any ScratchReplay)?

    /// How many rows of a table or a query are shown at most.
    public static let rowLimit = 200

    /// Makes a session without a copy.
    public init(_ source: any OperationsSource) {
        self.source = source
    }

    /// Does what was ordered, or tells why not; blocks until it is done.
    public mutating func result(
        of order: ScratchOrder,
        progress: @escaping ScratchReplay.Progress
    ) -> Result<ScratchAnswer, OperationsError> {
        do throws(OperationsError) {
            return .success(try answer(to: order, progress: progress))
        } catch {
            return .failure(error)
        }
    }

    private mutating func answer(
        to order: ScratchOrder,
        progress: @escaping ScratchReplay.Progress
    ) throws(OperationsError) -> ScratchAnswer {
        if case .make(let group, let point) = order {
            copy = nil
            let made = try source.scratchReplay(of: group, at: point, progress: progress)
            copy = made
            let failure = made.failure
            let step = try made.move(.to(.position(made.position)), progress: progress)
            return .made(step, failure: failure)
        }
        guard let copy else {
            throw OperationsError(.refused, "there is no scratch copy; begin another one")
        }
        switch order {
        case .move(let move): return .moved(try copy.move(move, progress: progress))
        case .rows(let source):
            let position = copy.position
            let isGivenUp = { !progress(position, position) }
            return .rows(try copy.rows(source, limit: Self.rowLimit, unless: isGivenUp))
        case .make: preconditionFailure("A copy is made above.")
        }
    }

    /// Lets go of the copy.
    public mutating func end() {
        copy = nil
    }
}
