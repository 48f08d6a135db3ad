import SQLiteDatabase
import Testing

struct RestrictionTests {
    private func restricted(_ restrictions: SQLiteRestrictions) throws -> SQLiteConnection {
        let connection = try memory()
        try connection.execute(
            """
            CREATE TABLE t (a); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT a FROM t;
            CREATE TABLE recount_token (p); INSERT INTO recount_token VALUES (5)
            """
        )
        try connection.restrict(to: restrictions)
        return connection
    }

    @Test(arguments: [
        "DELETE FROM t", "WITH x AS (SELECT 1) DELETE FROM t", "INSERT INTO t VALUES (2)",
        "UPDATE t SET a = 2", "REPLACE INTO t VALUES (1)", "DROP TABLE t", "CREATE TABLE u (a)",
        "CREATE TEMP TABLE u (a)", "CREATE VIRTUAL TABLE f USING fts5(a)",
        "ALTER TABLE t RENAME TO u",
        "ATTACH '/etc/passwd' AS p", "ATTACH ':memory:' AS m", "DETACH main", "VACUUM",
        "VACUUM INTO '/tmp/out'", "PRAGMA writable_schema = 1", "PRAGMA query_only = 0",
        "PRAGMA table_info(t)", "SELECT * FROM dbstat", "SELECT * FROM sqlite_stmt",
        "SELECT * FROM pragma_table_info('t')", "BEGIN", "COMMIT",
        "SAVEPOINT s", "ANALYZE", "SELECT load_extension('/tmp/x.so')",
        "SELECT fts3_tokenizer('a')", "SELECT readfile('/etc/passwd')",
        "SELECT writefile('a', 'b')",
        "SELECT edit('a')", "UPDATE sqlite_master SET sql = ''", "SELECT \"no such column\"",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; END", "SELECT sqlite_log(1, 'x')",
        "EXPLAIN DELETE FROM t", "SELECT zeroblob(1000000000)",
        "SELECT replace(hex(zeroblob(400000)), '0', '0123456789')",
        "SELECT 1; DELETE FROM t", "SELECT 'a' LIKE '\(String(repeating: "%_", count: 100))'",
        "SELECT \(String(repeating: "(", count: 200))1\(String(repeating: ")", count: 200))",
        "SELECT \(Array(repeating: "1", count: 600).joined(separator: ","))",
        "SELECT '\(String(repeating: "x", count: 200_000))'",
    ])
    func `stops hostile statements`(sql: String) throws {
        let connection = try restricted(SQLiteRestrictions())
        #expect(throws: SQLiteError.self) {
            let statement = try connection.prepare(sql)
            // What SQLite compiles must fail when it runs.
            try statement.run()
        }
        #expect(try connection.rows("SELECT a FROM v") == [[.integer(1)]])
    }

    @Test(arguments: [
        "SELECT a FROM t", "SELECT max(a) OVER () FROM v", "SELECT * FROM sqlite_master",
        "SELECT '{\"a\":1}' ->> 'a'", "SELECT value FROM json_each('[1,2]')", "EXPLAIN SELECT 1",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT sum(i) FROM n",
        "SELECT strftime('%Y', '2026-11-20'), 'a' LIKE 'A', printf('%5.2f', 1.5)",
        "SELECT length(printf('%900000000d', 1)) IS NULL", "SELECT * FROM json_tree('{}')",
    ])
    func `lets honest queries through`(sql: String) throws {
        #expect(try !restricted(SQLiteRestrictions()).rows(sql).isEmpty)
    }

    @Test(arguments: [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        """
        WITH n(i) AS (VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) SELECT count(*)
        FROM n, n b, n c, n d, n e, n f, n g, n h, n i, n j
        """,
    ])
    func `cuts off what takes too long`(sql: String) throws {
        let connection = try restricted(SQLiteRestrictions(timeLimitMilliseconds: 50))
        let start = ContinuousClock.now
        let error = #expect(throws: SQLiteError.self) { try connection.rows(sql) }
        #expect(error?.code == .interrupted)
        #expect(error?.message == "the statement ran longer than 50 milliseconds")
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        #expect(try connection.rows("SELECT 1") == [[.integer(1)]])
    }

    @Test func `says what is not allowed`() throws {
        let connection = try restricted(SQLiteRestrictions())
        let error = #expect(throws: SQLiteError.self) { try connection.prepare("ATTACH 'x' AS y") }
        #expect(error?.code == .notAllowed)
        #expect(error?.message == "not allowed: ATTACH")
        let function = #expect(throws: SQLiteError.self) {
            try connection.prepare("SELECT load_extension('x')")
        }
        #expect(function?.message == "not allowed: function load_extension")
    }

    @Test func `lets a projection write its own tables and nothing else`() throws {
        let connection = try restricted(
            SQLiteRestrictions(
                allowsWriting: true,
                allowsSchemaChanges: true,
                protectedTablePrefix: "recount_"
            )
        )
        try connection.execute(
            """
            CREATE TABLE sales (country TEXT PRIMARY KEY, n INTEGER);
            CREATE INDEX byNumber ON sales (n);
            INSERT INTO sales VALUES ('DE', 1) ON CONFLICT DO UPDATE SET n = n + excluded.n;
            DELETE FROM t; DROP TABLE t
            """
        )
        #expect(try connection.rows("SELECT * FROM recount_token") == [[.integer(5)]])
        for sql in [
            "UPDATE recount_token SET p = 0", "DELETE FROM Recount_Token",
            "DROP TABLE recount_token",
            "CREATE TRIGGER r AFTER INSERT ON recount_token BEGIN SELECT 1; END", "COMMIT", "BEGIN",
            "CREATE TRIGGER r AFTER INSERT ON sales BEGIN DELETE FROM recount_token; END; "
                + "INSERT INTO sales VALUES ('FR', 1)",
            "CREATE INDEX i ON recount_token (p)", "UPDATE sqlite_master SET sql = 'x'",
            "CREATE TABLE recount_more (a)", "ATTACH '' AS x", "CREATE TEMP TABLE x (a)",
        ] {
            #expect(throws: SQLiteError.self, "\(sql)") { try connection.execute(sql) }
        }
        #expect(try connection.rows("SELECT * FROM recount_token") == [[.integer(5)]])
    }

    @Test func `does not restrict trusted statements and transactions`() throws {
        let connection = try restricted(
            SQLiteRestrictions(allowsWriting: true, protectedTablePrefix: "recount_")
        )
        let update = try connection.prepare("UPDATE recount_token SET p = ?", isTrusted: true)
        try connection.transaction {
            try connection.execute("INSERT INTO t VALUES (2)")
            try update.bind(integer: 9, at: 1)
            try update.run()
        }
        try connection.execute("CREATE TABLE later (a)", isTrusted: true)
        // The changed schema makes SQLite compile the statement again.
        try update.bind(integer: 10, at: 1)
        try update.run()
        #expect(try connection.rows("SELECT p FROM recount_token") == [[.integer(10)]])
    }

    @Test func `takes the functions away that are not listed`() throws {
        let functions = SQLiteRestrictions.deterministicFunctions
        let connection = try restricted(SQLiteRestrictions(allowedFunctions: functions))
        #expect(throws: SQLiteError.self) { try connection.prepare("SELECT random()") }
        #expect(throws: SQLiteError.self) { try connection.prepare("SELECT current_timestamp") }
        #expect(try connection.rows("SELECT json_set('{}', '$.a', 1)") == [[.text("{\"a\":1}")]])
    }
}

struct ReadingTests {
    @Test func `restrictions for a while leave a connection as it was`() throws {
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        let insert = try connection.prepare("INSERT INTO t VALUES (2)")
        let limits = SQLiteRestrictions(timeLimitMilliseconds: 50, lengthMax: 1000)
        for hardens in [true, false] {
            try connection.reading(heldTo: limits, hardens: hardens) { () throws -> Void in
                #expect(try connection.rows("SELECT a FROM t").count == 1)
                for sql in [
                    "DELETE FROM t", "PRAGMA query_only = 0", "ATTACH ':memory:' AS m", "BEGIN",
                    "SELECT length(zeroblob(2000))",
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
                ] {
                    #expect(throws: SQLiteError.self) { try connection.rows(sql) }
                }
            }
        }
        try insert.run()
        try connection.execute("ATTACH ':memory:' AS m; CREATE TABLE m.u (\"a\" DEFAULT \"x\")")
        #expect(try connection.rows("SELECT length(zeroblob(2000))") == [[.integer(2000)]])
        try connection.restrict(
            to: SQLiteRestrictions(allowsWriting: true, timeLimitMilliseconds: nil)
        )
        try connection.reading(heldTo: limits) { () throws -> Void in
            #expect(throws: SQLiteError.self) { try connection.rows("DELETE FROM t") }
        }
        try connection.execute("DELETE FROM t")
        #expect(throws: SQLiteError.self) { try connection.rows("PRAGMA user_version") }
    }

    @Test func `a statement that is given up ends`() throws {
        let connection = try memory()
        var asked = 0
        let error = #expect(throws: SQLiteError.self) {
            try connection.reading(
                heldTo: SQLiteRestrictions(timeLimitMilliseconds: nil),
                unless: {
                    asked += 1
                    return asked == 5
                }
            ) {
                try connection.rows(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
                )
            }
        }
        #expect(error?.code == .interrupted && asked == 5)
    }
}
