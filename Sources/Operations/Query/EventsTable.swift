import EventLog
import EventModel
import EventStorage
import OperationsModel
import SQLiteDatabase

/// The log as the table `events`.
final class EventsTable: SQLiteVirtualTable {
    let columns = EventColumn.allCases.map { SQLiteVirtualColumn("\($0)", $0.type) }
    private let session: QuerySession
    private let eventCount: Int64
    private let streamCount: Int64

    init(_ session: QuerySession) throws(OperationsError) {
        self.session = session
        (eventCount, streamCount) = try OperationsError.telling {
            (Int64(clamping: try session.log.head().number), Int64(try session.log.streamCount()))
        }
    }

    func plan(for request: SQLiteTableRequest) -> SQLiteTablePlan {
        var used: [Int] = []
        var exact: Set<EventColumn> = []
        var bounded: Set<EventColumn> = []
        for (index, constraint) in request.constraints.enumerated() {
            guard let column = EventColumn(number: constraint.column),
                column.isUseful(constraint.comparison)
            else { continue }
            used.append(index)
            if constraint.comparison == .equal { exact.insert(column) }
            bounded.insert(column)
        }
        return SQLiteTablePlan(
            constraints: used,
            isOrdered: isOrdered(by: request.order, hasStream: exact.contains(.stream)),
            estimatedRowCount: estimate(exact: exact, bounded: bounded)
        )
    }

    /// Whether the cursor goes through events in that order, or in its opposite.
    ///
    /// No two events share a position, so that nothing after it matters.
    private func isOrdered(by order: [SQLiteTableRequest.Order], hasStream: Bool) -> Bool {
        guard let column = order.first.flatMap({ EventColumn(number: $0.column) }) else {
            return false
        }
        return column == .position || (hasStream && column == .sequence)
    }

    /// About how many events the cursor looks at; those of one type are found by looking at all.
    private func estimate(exact: Set<EventColumn>, bounded: Set<EventColumn>) -> Int64 {
        if exact.contains(.position) { return 1 }
        var count = eventCount
        if exact.contains(.stream) {
            if exact.contains(.sequence) { return 1 }
            count /= max(1, streamCount)
        }
        if bounded.contains(.position) || bounded.contains(.recordedTime) { count /= 4 }
        if !exact.isDisjoint(with: [.category, .type]) { count /= 2 }
        return max(1, count)
    }

    func makeCursor() -> any SQLiteTableCursor {
        EventsCursor(session)
    }
}
