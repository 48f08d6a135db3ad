/// A table whose changes a recorder follows, and the statements with which it goes about its rows.
final class RecordedTable {
    let name: String
    /// The columns that rows are made of, without those that SQLite computes.
    let columns: [Column]
    /// The columns of the primary key in their order, as indexes into ``columns``.
    let keyColumns: [Int]
    /// The name of the row's number; nothing where the primary key identifies rows.
    private let rowidName: String?
    private let connection: SQLiteConnection
    private var statements: [String: SQLiteStatement] = [:]

    /// A column, and where the hook finds its value.
    struct Column {
        let name: String
        let index: Int32
    }

    /// Reads the columns of a table.
    ///
    /// - Returns: nothing where the hook does not tell all its values.
    init?(
        _ name: String,
        hasRowid: Bool,
        of connection: SQLiteConnection
    ) throws(SQLiteError) {
        let rows = try connection.prepare(
            "PRAGMA table_xinfo(\(name.quotedAsName))",
            isTrusted: true
        )
        var columns: [Column] = []
        var key: [(place: Int64, index: Int)] = []
        var number: Int32 = 0
        while try rows.step() {
            switch rows.integer(at: 6) {
            case 0:
                let place = rows.integer(at: 5)
                if place > 0 { key.append((place, columns.count)) }
                columns.append(Column(name: rows.string(at: 1) ?? "", index: number))
            case 3: break
            // Columns that are not stored make the hook count others wrongly.
            default: return nil
            }
            number += 1
        }
        let taken = columns.map { $0.name.lowercased() }
        let rowidName = ["rowid", "_rowid_", "oid"].first { !taken.contains($0) }
        guard !hasRowid || rowidName != nil else { return nil }
        self.name = name
        self.columns = columns
        self.connection = connection
        self.rowidName = hasRowid ? rowidName : nil
        keyColumns = key.sorted { $0.place < $1.place }.map(\.index)
    }

    /// The key that a row has in the table.
    func key(_ rowid: Int64, value: (Int32) -> OpaquePointer?) -> SQLiteChanges.Key {
        guard rowidName == nil else { return .rowid(rowid) }
        var image = SQLiteRowImage()
        for index in keyColumns { image.append(value(columns[index].index)) }
        return .columns(image)
    }

    /// All values of a row.
    func image(value: (Int32) -> OpaquePointer?) -> SQLiteRowImage {
        var image = SQLiteRowImage()
        for column in columns { image.append(value(column.index)) }
        return image
    }

    /// The row with a key as it is; nothing where there is none.
    func row(_ key: SQLiteChanges.Key) throws(SQLiteError) -> SQLiteRowImage? {
        let statement = try statement(
            "SELECT \(columnList) FROM \(name.quotedAsName) WHERE \(place)"
        )
        try bind(key, to: statement)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        var image = SQLiteRowImage()
        for index in columns.indices { image.append(column: index, of: statement) }
        return image
    }

    /// All rows with their keys, as SQLite finds them.
    func rows() throws(SQLiteError) -> [(key: SQLiteChanges.Key, row: SQLiteRowImage)] {
        let first = rowidName ?? "NULL"
        let statement = try statement("SELECT \(first), \(columnList) FROM \(name.quotedAsName)")
        var rows: [(key: SQLiteChanges.Key, row: SQLiteRowImage)] = []
        while try statement.step() {
            var row = SQLiteRowImage()
            for index in columns.indices { row.append(column: index + 1, of: statement) }
            var key = SQLiteRowImage()
            if rowidName == nil {
                for index in keyColumns { key.append(column: index + 1, of: statement) }
            }
            rows.append((rowidName == nil ? .columns(key) : .rowid(statement.integer(at: 0)), row))
        }
        return rows
    }

    /// How many rows there are.
    func rowCount() throws(SQLiteError) -> Int64 {
        let statement = try statement("SELECT count(*) FROM \(name.quotedAsName)")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(at: 0) : 0
    }

    /// Removes the row with a key, where there is one.
    func delete(_ key: SQLiteChanges.Key) throws(SQLiteError) {
        let statement = try statement("DELETE FROM \(name.quotedAsName) WHERE \(place)")
        try bind(key, to: statement)
        try statement.run()
    }

    /// Puts a row where its key says.
    func insert(_ row: SQLiteRowImage, at key: SQLiteChanges.Key) throws(SQLiteError) {
        let rowid = rowidName.map { "\($0), " } ?? ""
        let count = columns.count + (rowidName == nil ? 0 : 1)
        let marks = Array(repeating: "?", count: count).joined(separator: ", ")
        let statement = try statement(
            "INSERT INTO \(name.quotedAsName) (\(rowid)\(columnList)) VALUES (\(marks))"
        )
        if case .rowid(let number) = key { try statement.bind(integer: number, at: 1) }
        try row.bind(to: statement, from: rowidName == nil ? 1 : 2)
        try statement.run()
    }

    private var columnList: String { columns.map(\.name.quotedAsName).joined(separator: ", ") }

    private var place: String {
        if let rowidName { return "\(rowidName) = ?" }
        return keyColumns.map { "\(columns[$0].name.quotedAsName) = ?" }.joined(separator: " AND ")
    }

    private func bind(
        _ key: SQLiteChanges.Key,
        to statement: SQLiteStatement
    ) throws(SQLiteError) {
        switch key {
        case .rowid(let number): try statement.bind(integer: number, at: 1)
        case .columns(let image): try image.bind(to: statement, from: 1)
        }
    }

    private func statement(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        let statement = try connection.prepare(sql, isTrusted: true)
        statements[sql] = statement
        return statement
    }
}
