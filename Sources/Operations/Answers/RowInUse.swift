import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import SQLiteDatabase

/// A row in use, and what was stored with it at the same moment.
struct RowInUse {
    /// How far the group had come.
    let progress: GroupProgress
    /// The events that are not in its rows.
    let putAside: Set<Position>
    /// How many of them are dead letters.
    let deadLetterCount: Int
    /// The columns of the table; nothing where the group has none of that name yet.
    let columns: TableColumns?
    /// The row; nothing where there is none.
    let values: [SQLiteValue]?

    /// Takes one look, in one transaction.
    init(_ request: RowStandingRequest, of group: ReadModelGroup) throws {
        let rows = try group.openRows(.inUse)
        try rows?.hold()
        defer { rows?.release() }
        progress = rows?.progress ?? GroupProgress()
        putAside = rows.map { $0.deadLetters.union($0.skipped) } ?? []
        deadLetterCount = rows?.deadLetters.count ?? 0
        columns = try rows?.rows.columns(of: request.table)
        guard let rows, let columns, columns.key.count == request.key.count, !columns.key.isEmpty
        else {
            values = nil
            return
        }
        values = try rows.rows.row(request.key, of: columns).values
    }

    /// Whether an event is in the row, or was left out of it.
    func hasDecided(_ event: borrowing EventView, by sequencing: SequencingPolicy) -> Bool {
        let segment = progress.segments[progress.index(ofSequence: sequencing.key(of: event))]
        return event.position <= segment.token.decidedPosition
    }
}
