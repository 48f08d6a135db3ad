public import EventModel

/// A scratch copy of a group's read model that goes through history, forwards and back.
///
/// Nobody else sees it, and nothing is left of it when it is let go. For use by one thread at a
/// time, which every call blocks.
public protocol ScratchReplay: AnyObject {
    /// Hears how far work has come, at least every few thousand events; says whether to go on.
    typealias Progress = (_ reached: Position, _ last: Position) -> Bool

    /// The last position decided.
    var position: Position { get }

    /// The event that keeps the copy from getting where it was to begin, and why.
    var failure: String? { get }

    /// Moves the copy and tells what became of its rows; where `progress` says stop, it stays where
    /// it is then.
    func move(_ move: ReplayMove, progress: Progress) throws(OperationsError) -> ReplayStep

    /// The first rows as they are where the copy stands; asks meanwhile whether that is given up,
    /// and is `refused` then.
    func rows(
        _ source: RowSource,
        limit: Int,
        unless isGivenUp: @escaping () -> Bool
    ) throws(OperationsError) -> RowPage
}

/// Where rows come from.
public enum RowSource: Hashable, Sendable {
    /// A table or view, by name; a table's rows come in the order of its primary key.
    case table(String)
    /// A statement, which can only read.
    case query(String)
}

/// The beginning of what a table or a query gives.
public struct RowPage: Hashable, Sendable {
    /// The names of the columns in order, which may repeat.
    public var columns: [String]
    /// The rows, each with a value for every column; long texts and bytes are cut.
    public var rows: [[CellValue]]
    /// Whether there are more rows.
    public var isCut: Bool

    /// Makes a page from its parts.
    public init(columns: [String], rows: [[CellValue]], isCut: Bool) {
        self.columns = columns
        self.rows = rows
        self.isCut = isCut
    }
}
