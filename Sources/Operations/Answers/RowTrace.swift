import OperationsModel
import SQLiteDatabase

/// Which events of a history change one row, as far as it is told: the memory it takes does not
/// grow with the history.
struct RowTrace {
    /// The streams that made the row and are told.
    static let streamCountMax = 5
    /// The events that will change the row and are told.
    static let comingCountMax = 5

    /// What the events that the group has decided make of the row; nothing where they make none.
    private(set) var values: [SQLiteValue]?
    /// The last change of each of the streams whose changes are the newest, the newest first.
    private(set) var changes: [RowStanding.Change] = []
    private(set) var changeCount = 0
    /// Whether a stream was left out.
    private(set) var hasMoreStreams = false
    /// The first changes that the group has not come to, in their order.
    private(set) var coming: [RowStanding.Change] = []
    private(set) var comingCount = 0
    /// Whether a change that the group has not come to came before one that it has, so that it is
    /// not known what those make that it has come to.
    private(set) var isMixed = false

    /// Begins before the first event.
    init(_ values: [SQLiteValue]?) {
        self.values = values
    }

    /// Adds a change that the group has decided, and the row it left.
    mutating func add(_ change: RowStanding.Change, leaving values: [SQLiteValue]?) {
        changes.removeAll { $0.stream == change.stream }
        changes.insert(change, at: 0)
        if changes.count > RowTrace.streamCountMax {
            changes.removeLast()
            hasMoreStreams = true
        }
        changeCount += 1
        isMixed = isMixed || comingCount > 0
        self.values = values
    }

    /// Adds a change that the group has not come to.
    mutating func add(coming change: RowStanding.Change) {
        if comingCount < RowTrace.comingCountMax { coming.append(change) }
        comingCount += 1
    }
}
