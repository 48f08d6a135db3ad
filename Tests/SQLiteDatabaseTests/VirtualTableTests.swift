import SQLiteDatabase
import Testing

/// Numbered rows with a stream each, found by position and stream.
private final class EventTable: SQLiteVirtualTable {
    let columns = [
        SQLiteVirtualColumn("position", "INTEGER"), SQLiteVirtualColumn("stream", "TEXT"),
        SQLiteVirtualColumn("data", "BLOB"), SQLiteVirtualColumn("odd \"name\"", "TEXT"),
    ]
    let count: Int64
    var conditions: [[SQLiteCondition]] = []
    var visitedCount = 0

    init(count: Int64) {
        self.count = count
    }

    func plan(for request: SQLiteTableRequest) -> SQLiteTablePlan {
        let used = request.constraints.indices.filter { request.constraints[$0].column < 2 }
        let isByPosition = request.order.count == 1 && request.order[0].column == 0
        return SQLiteTablePlan(
            constraints: used,
            isOrdered: isByPosition,
            estimatedRowCount: used.isEmpty ? count : 10
        )
    }

    func makeCursor() throws(SQLiteError) -> any SQLiteTableCursor {
        EventCursor(self)
    }
}

private final class EventCursor: SQLiteTableCursor {
    private let table: EventTable
    private var stream: String?
    private var range: ClosedRange<Int64> = 0...0
    private var position: Int64 = 0
    private var step: Int64 = 1

    init(_ table: EventTable) {
        self.table = table
    }

    func start(_ conditions: [SQLiteCondition], isDescending: Bool) throws(SQLiteError) {
        table.conditions.append(conditions)
        var (low, high): (Int64, Int64) = (1, table.count)
        stream = nil
        for condition in conditions {
            switch (condition.column, condition.comparison, condition.value) {
            case (0, .equal, .integer(let value)): (low, high) = (max(low, value), min(high, value))
            case (0, .greater, .integer(let value)): low = max(low, value + 1)
            case (0, .greaterOrEqual, .integer(let value)): low = max(low, value)
            case (0, .less, .integer(let value)): high = min(high, value - 1)
            case (0, .lessOrEqual, .integer(let value)): high = min(high, value)
            case (1, .equal, .text(let value)): stream = value
            case (1, .equal, .integer(13)):
                throw SQLiteError(code: .corrupt, message: "the log is damaged at position 7")
            default: break
            }
        }
        range = low...max(low, high)
        if low > high { range = 0...0 }
        step = isDescending ? -1 : 1
        position = isDescending ? range.upperBound : range.lowerBound
        skip()
    }

    private func skip() {
        while !isAtEnd, let stream, stream != name { position += step }
    }

    private var name: String { "s-\(position % 10)" }

    func advance() throws(SQLiteError) {
        table.visitedCount += 1
        position += step
        skip()
    }

    var isAtEnd: Bool { position == 0 || !range.contains(position) }

    var rowIdentifier: Int64 { position }

    func value(ofColumn column: Int, to result: borrowing SQLiteResult) throws(SQLiteError) {
        switch column {
        case 0: result.integer(position)
        case 1: result.text(name)
        case 2: result.blob([UInt8(truncatingIfNeeded: position)].span)
        default: break
        }
    }
}

struct VirtualTableTests {
    private func connection(_ table: EventTable) throws -> SQLiteConnection {
        let connection = try memory()
        try connection.register(table, as: "events")
        try connection.restrict(to: SQLiteRestrictions())
        return connection
    }

    @Test func `goes through all rows`() throws {
        let table = EventTable(count: 3)
        let rows = try connection(table).rows("SELECT * FROM events")
        #expect(rows.map(\.[0]) == [.integer(1), .integer(2), .integer(3)])
        #expect(rows[1] == [.integer(2), .text("s-2"), .blob([2]), .null])
        #expect(try connection(table).rows("SELECT \"odd \"\"name\"\"\" FROM events").count == 3)
    }

    @Test func `passes conditions down`() throws {
        let table = EventTable(count: 1_000_000)
        let connection = try connection(table)
        let statement = try connection.prepare(
            "SELECT position FROM events WHERE position > ? AND stream = ? AND position <= 60"
        )
        try statement.bind(integer: 30, at: 1)
        try statement.bind(text: "s-4", at: 2)
        var positions: [Int64] = []
        while try statement.step() { positions.append(statement.integer(at: 0)) }
        #expect(positions == [34, 44, 54])
        #expect(table.visitedCount == 3)
        #expect(
            Set(table.conditions[0]) == [
                SQLiteCondition(column: 0, comparison: .greater, value: .integer(30)),
                SQLiteCondition(column: 0, comparison: .lessOrEqual, value: .integer(60)),
                SQLiteCondition(column: 1, comparison: .equal, value: .text("s-4")),
            ]
        )
    }

    @Test func `checks again what the cursor did not use`() throws {
        let table = EventTable(count: 100)
        let connection = try connection(table)
        let rows = try connection.rows("SELECT position FROM events WHERE data = x'07'")
        #expect(rows == [[.integer(7)]])
        let folded = "SELECT count(*) FROM events WHERE stream = 'S-1' COLLATE NOCASE"
        #expect(try connection.rows(folded) == [[.integer(10)]])
        #expect(try connection.rows("SELECT position FROM events WHERE position > 97.5").count == 3)
        #expect(try connection.rows("SELECT * FROM events WHERE position = 'x'").isEmpty)
    }

    @Test func `goes backwards where the plan is ordered`() throws {
        let table = EventTable(count: 1_000_000)
        let connection = try connection(table)
        let newest = "SELECT position FROM events ORDER BY position DESC LIMIT 2"
        #expect(try connection.rows(newest) == [[.integer(1_000_000)], [.integer(999_999)]])
        #expect(table.visitedCount <= 2)
    }

    @Test func `starts again for every value of a list and every row of a join`() throws {
        let table = EventTable(count: 1000)
        let connection = try connection(table)
        let list = "SELECT position FROM events WHERE position IN (5, 2000, 3) ORDER BY position"
        #expect(try connection.rows(list) == [[.integer(3)], [.integer(5)]])
        let join = """
            SELECT b.position FROM events a JOIN events b ON b.position = a.position + 1
            WHERE a.position IN (3, 8)
            """
        #expect(try connection.rows(join) == [[.integer(4)], [.integer(9)]])
    }

    @Test func `passes on the cursor's error`() throws {
        let connection = try connection(EventTable(count: 10))
        let statement = try connection.prepare("SELECT * FROM events WHERE stream = ?")
        try statement.bind(integer: 13, at: 1)
        let error = #expect(throws: SQLiteError.self) { try statement.run() }
        #expect(error?.code == .corrupt)
        #expect(error?.message == "the log is damaged at position 7")
    }

    @Test func `can neither be written nor created nor dropped`() throws {
        let connection = try memory()
        try connection.register(EventTable(count: 3), as: "events")
        for sql in [
            "DELETE FROM events", "INSERT INTO events VALUES (1, 2, 3, 4)", "DROP TABLE events",
            "CREATE VIRTUAL TABLE more USING events",
        ] {
            #expect(throws: SQLiteError.self) { try connection.execute(sql) }
        }
    }

    @Test func `is released with its connection`() throws {
        weak var table: EventTable?
        do {
            let made = EventTable(count: 3)
            table = made
            #expect(try connection(made).rows("SELECT * FROM events").count == 3)
        }
        #expect(table == nil)
    }
}
