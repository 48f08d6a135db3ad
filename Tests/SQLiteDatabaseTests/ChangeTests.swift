import Disk
import Glibc
import SQLiteDatabase
import Testing

/// Changes of rows are noted, told and taken back.
struct ChangeTests {
    /// Tables of every kind, with what else changes rows than the statement itself.
    static let schema = """
        PRAGMA foreign_keys = 1;
        CREATE TABLE keyed (k TEXT PRIMARY KEY, n REAL, UNIQUE (n) ON CONFLICT REPLACE);
        CREATE TABLE bare (a, b);
        CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, a);
        CREATE TABLE compact (a TEXT COLLATE NOCASE, b INTEGER, c, PRIMARY KEY (b, a)) WITHOUT ROWID;
        CREATE TABLE "odd ""name" (rowid TEXT PRIMARY KEY, "x y", oid AS (rowid || 'x') STORED);
        CREATE TABLE parent (id INTEGER PRIMARY KEY, note);
        CREATE TABLE child (id INTEGER REFERENCES parent ON DELETE CASCADE, a);
        CREATE TRIGGER follow AFTER INSERT ON keyed BEGIN
            INSERT INTO bare VALUES (new.k, new.n);
            DELETE FROM compact WHERE b = new.n;
        END;
        """

    /// Statements in which `?` stands for small numbers; some break a constraint on their way.
    static let statements = [
        "INSERT INTO keyed VALUES (?, ?)", "REPLACE INTO keyed VALUES (?, ?)",
        "INSERT INTO keyed VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET n = n + 0.5",
        "INSERT INTO keyed VALUES (NULL, ?)", "UPDATE keyed SET k = k + 1 WHERE n < ?",
        "UPDATE OR REPLACE keyed SET k = ? WHERE n < ?", "DELETE FROM keyed WHERE k IS NULL",
        "INSERT INTO bare VALUES (?, x'00ff')",
        "INSERT INTO bare VALUES (CAST(x'ff00' AS TEXT), ?)",
        "UPDATE bare SET rowid = rowid + 1000 WHERE a = ?", "DELETE FROM bare WHERE a = ?",
        "INSERT INTO bare SELECT k, n FROM keyed", "DELETE FROM bare",
        "INSERT INTO counted (a) VALUES (?)", "DELETE FROM counted WHERE a = ?",
        "DELETE FROM counted",
        "REPLACE INTO compact VALUES ('A' || ?, ?, ?)", "UPDATE compact SET c = ? WHERE b = ?",
        "UPDATE OR IGNORE compact SET b = b + 1, a = lower(a)", "DELETE FROM compact WHERE b > ?",
        "INSERT OR IGNORE INTO \"odd \"\"name\" VALUES (?, ?)",
        "UPDATE \"odd \"\"name\" SET \"x y\" = ?, rowid = rowid || 'z' WHERE rowid = ?",
        "INSERT OR IGNORE INTO parent VALUES (?, 0), (? + 10, 0)",
        "INSERT INTO child VALUES (?, ?)",
        "DELETE FROM parent WHERE id = ?", "UPDATE parent SET note = note + ?",
    ]

    private static let tables = [
        ("keyed", "rowid, *", 1), ("bare", "rowid, *", 0), ("counted", "rowid, *", 1),
        ("compact", "NULL, *", 2), ("\"odd \"\"name\"", "_rowid_, rowid, \"x y\"", 1),
        ("parent", "rowid, *", 1), ("child", "rowid, *", 0),
    ]

    /// Everything there is, text as its bytes.
    private static func dump(_ connection: SQLiteConnection) throws -> [String: Set<[SQLiteValue]>]
    {
        var dump: [String: Set<[SQLiteValue]>] = [:]
        for (table, columns, _) in tables {
            dump[table] = Set(try connection.rows("SELECT \(columns) FROM \(table)"))
        }
        dump["counters"] = Set(try connection.rows("SELECT * FROM sqlite_sequence"))
        dump["bytes"] = Set(try connection.rows("SELECT rowid, hex(a) FROM bare"))
        return dump
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `any changes are taken back, and told as they are`(seed: UInt64) throws {
        var generator = RandomSequence(seed: seed)
        let connection = try SQLiteConnection(path: "", mode: .temporary)
        try connection.execute(Self.schema)
        let recorder = try SQLiteChangeRecorder(on: connection)
        #expect(recorder.unfollowedTables == [])
        var dumps = [try Self.dump(connection)]
        var history: [SQLiteChanges] = []
        for _ in 0..<30 {
            if !history.isEmpty, UInt64.random(in: 0..<4, using: &generator) == 0 {
                let count = Int.random(in: 1...min(5, history.count), using: &generator)
                var changes = SQLiteChanges()
                for later in history.suffix(count) { changes.append(later) }
                let before = try Self.dump(connection)
                try recorder.revert(changes)
                history.removeLast(count)
                dumps.removeLast(count)
                let after = try Self.dump(connection)
                #expect(after == dumps.last)
                let told = try recorder.differences(since: recorder.take())
                try Self.check(told, before, after)
            } else {
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let statement = try connection.prepare(
                        #require(Self.statements.randomElement(using: &generator))
                    )
                    for index in statement.parameterNames.indices {
                        let number = Int64.random(in: 0..<7, using: &generator)
                        try statement.bind(integer: number, at: index + 1)
                    }
                    try? statement.run()
                }
                let changes = try recorder.take()
                let after = try Self.dump(connection)
                try Self.check(
                    recorder.differences(since: changes),
                    try #require(dumps.last),
                    after
                )
                history.append(changes)
                dumps.append(after)
            }
        }
    }

    /// Holds what is told against what differs.
    private static func check(
        _ told: [SQLiteRowDifference],
        _ before: [String: Set<[SQLiteValue]>],
        _ after: [String: Set<[SQLiteValue]>]
    ) throws {
        for (table, _, keyCount) in tables {
            let name = table.hasPrefix("\"") ? "odd \"name" : table
            let (old, new) = (before[table] ?? [], after[table] ?? [])
            let own = told.filter { $0.table == name }
            // Rows that only have another number are the same by their key.
            let values = { (rows: Set<[SQLiteValue]>) in Set(rows.map { Array($0.dropFirst()) }) }
            let isKeyed = keyCount > 0 && own.allSatisfy { $0.rowid == nil }
            let (oldValues, newValues) = (values(old), values(new))
            #expect(
                own.allSatisfy { $0.before.map(oldValues.contains) ?? true }
                    && own.allSatisfy { $0.after.map(newValues.contains) ?? true }
            )
            if isKeyed {
                #expect(Set(own.compactMap(\.before)) == oldValues.subtracting(newValues))
                #expect(Set(own.compactMap(\.after)) == newValues.subtracting(oldValues))
            } else {
                let numbered = own.filter { $0.rowid != nil }
                func rows(_ side: KeyPath<SQLiteRowDifference, [SQLiteValue]?>)
                    -> Set<[SQLiteValue]>
                {
                    Set(
                        numbered.compactMap { difference in
                            difference[keyPath: side].map {
                                [.integer(difference.rowid ?? 0)] + $0
                            }
                        }
                    )
                }
                let isNumbered = { (row: [SQLiteValue]) in keyCount == 0 || row[1] == .null }
                #expect(rows(\.before) == old.subtracting(new).filter(isNumbered))
                #expect(rows(\.after) == new.subtracting(old).filter(isNumbered))
            }
        }
    }

    @Test func `a row that is replaced is told as updated, one that comes and goes not at all`()
        throws
    {
        let connection = try memory()
        try connection.execute(
            "CREATE TABLE t (k TEXT PRIMARY KEY, n REAL); INSERT INTO t VALUES ('a', 1), ('b', 2)"
        )
        let recorder = try SQLiteChangeRecorder(on: connection)
        try connection.execute(
            """
            REPLACE INTO t VALUES ('a', 5); INSERT INTO t VALUES ('c', 3); UPDATE t SET n = n + 1;
            UPDATE t SET n = 2 WHERE k = 'b'; DELETE FROM t WHERE k = 'c'
            """
        )
        let differences = try recorder.differences(since: recorder.take())
        #expect(differences.map(\.before) == [[.text("a"), .real(1)]])
        #expect(differences.map(\.after) == [[.text("a"), .real(6)]])
        #expect(differences.map(\.keyColumns) == [[0]] && differences[0].rowid == nil)
    }

    @Test func `tables whose changes cannot be followed are named`() throws {
        let connection = try memory()
        try connection.execute(
            """
            CREATE VIRTUAL TABLE words USING fts5(text); CREATE TABLE plain (a);
            CREATE TABLE computed (a, b AS (a + 1) VIRTUAL)
            """
        )
        let recorder = try SQLiteChangeRecorder(on: connection)
        #expect(recorder.unfollowedTables.contains("words"))
        #expect(recorder.unfollowedTables.contains("computed"))
        #expect(recorder.unfollowedTables.contains("words_data"))
        #expect(!recorder.unfollowedTables.contains("plain"))
        #expect(try !recorder.hasSchemaChanged())
        try connection.execute("CREATE TABLE more (a)")
        #expect(try recorder.hasSchemaChanged())
    }

    @Test func `a temporary database lies in a file that is gone already`() throws {
        let connection = try SQLiteConnection(path: "", mode: .temporary)
        try connection.execute("PRAGMA cache_size = 10; CREATE TABLE t (a)")
        try connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
        #expect(openFiles().contains { $0.contains("etilqs") && $0.hasSuffix(" (deleted)") })
        #expect(!openFiles().contains { $0.contains("etilqs") && !$0.hasSuffix(" (deleted)") })
    }
}

/// Where the open descriptors of the process lead.
private func openFiles() -> [String] {
    (0..<256).compactMap { number in
        var path = [CChar](repeating: 0, count: 256)
        let count = readlink("/proc/self/fd/\(number)", &path, path.count)
        guard count > 0 else { return nil }
        return String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
