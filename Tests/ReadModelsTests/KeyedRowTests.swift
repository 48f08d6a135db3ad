import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Tables with keys of every kind, in a file.
private struct KeyFixture {
    let directory = TemporaryDirectory()
    let database: SQLiteConnection
    let rows: ReadModelRows

    init(_ statements: String...) throws {
        let path = directory.path + "/rows.sqlite"
        database = try SQLiteConnection(path: path, mode: .readWriteCreate)
        for sql in statements { try database.execute(sql) }
        rows = try ReadModelRows(path: path)
    }

    func row(_ key: String..., of table: String = "t") throws -> KeyedRow {
        try rows.row(key, of: try #require(try rows.columns(of: table)))
    }
}

@Suite struct KeyedRowTests {
    @Test func `a key is compared as the type of its column wants it`() throws {
        let types: [(type: String, stored: String, found: [String], others: [String])] = [
            ("TEXT", "'7'", ["7"], ["07", "7.0", " 7", "x'37'", ""]),
            ("TEXT", "'007'", ["007"], ["7"]),
            ("TEXT", "''", [""], ["NULL", "x''"]),
            ("TEXT", "'NULL'", ["NULL"], ["null"]),
            ("TEXT COLLATE NOCASE", "'Ana'", ["Ana", "aNA"], ["An"]),
            ("INTEGER", "7", ["7", "7.0", "07", " 7"], ["8", "x", ""]),
            ("INT", "'seven'", ["seven"], ["7"]),
            ("REAL", "7.5", ["7.5", "7.50"], ["7"]),
            ("NUMERIC", "-9223372036854775808", ["-9223372036854775808"], ["0"]),
            ("BLOB", "x'00ff'", ["x'00ff'", "x'00FF'"], ["00ff", "x'00f'", "x'00fg'", "x'"]),
            ("", "7", ["7"], ["7.0", "07"]),
            ("", "'7'", ["7"], ["07"]),
            ("", "x''", ["x''"], ["", "x'"]),
            ("", "'x''1'", ["x'1"], ["x'1'"]),
        ]
        for ending in ["", "WITHOUT ROWID"] {
            for (type, stored, found, others) in types {
                let fixture = try KeyFixture(
                    "CREATE TABLE t (k \(type) PRIMARY KEY, v) \(ending)",
                    "INSERT INTO t VALUES (\(stored), 'there')"
                )
                for key in found {
                    let values = try fixture.row(key).values
                    #expect(values?.last == .text("there"), "\(type) \(stored) \(key)")
                }
                for key in others {
                    #expect(try fixture.row(key).values == nil, "\(type) \(stored) \(key)")
                }
            }
        }
    }

    @Test func `of a number and a text that are written alike, the number is meant`() throws {
        let fixture = try KeyFixture(
            "CREATE TABLE t (k PRIMARY KEY, v)",
            "INSERT INTO t VALUES ('7', 'text'), (7, 'number'), ('8', 'text')"
        )
        #expect(try fixture.row("7").values == [.integer(7), .text("number")])
        #expect(try fixture.row("8").values == [.text("8"), .text("text")])
    }

    @Test func `the columns of a key have its order, whatever that of the table`() throws {
        for ending in ["", "WITHOUT ROWID"] {
            let fixture = try KeyFixture(
                #"CREATE TABLE "o""dd" ("a b", v, "c""d" TEXT, PRIMARY KEY ("c""d", "a b")) \#(ending)"#,
                #"INSERT INTO "o""dd" VALUES (1, 'first', '2'), (2, 'second', '1')"#
            )
            let columns = try #require(try fixture.rows.columns(of: #"O"DD"#))
            #expect(columns.table == #"o"dd"# && columns.keyNames == [#"c"d"#, "a b"])
            #expect(try fixture.row("2", "1", of: #"o"dd"#).values?[1] == .text("first"))
            #expect(try fixture.row("1", "2", of: #"o"dd"#).values?[1] == .text("second"))
            #expect(try fixture.row("1", "1", of: #"o"dd"#).values == nil)
        }
    }

    @Test func `a look tells whether the row is another one`() throws {
        let fixture = try KeyFixture(
            "CREATE TABLE t (k INTEGER PRIMARY KEY, v, w AS (v || '!'))",
            "INSERT INTO t VALUES (1, NULL)"
        )
        let row = try fixture.row("1")
        #expect(row.values == [.integer(1), .null, .null])
        for (sql, isOther) in [
            ("DELETE FROM t WHERE k = 1; INSERT INTO t VALUES (1, NULL)", false),
            ("INSERT INTO t VALUES (2, 'other')", false), ("UPDATE t SET v = 1", true),
            ("UPDATE t SET v = '1'", true), ("REPLACE INTO t VALUES (1, '1')", false),
            ("DELETE FROM t WHERE k = 1", true), ("UPDATE t SET k = 1", true),
        ] {
            for part in sql.split(separator: ";") { try fixture.database.execute(String(part)) }
            #expect(try row.look() == isOther, "\(sql)")
            #expect(try !row.look())
        }
        #expect(row.values == [.integer(1), .text("1"), .text("1!")])
    }

    @Test func `a key that holds NULL is no row's name, and others are not kept from theirs`()
        throws
    {
        let fixture = try KeyFixture(
            "CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a, b))",
            "INSERT INTO t VALUES (NULL, '1'), (NULL, '1'), ('1', '1')"
        )
        #expect(try fixture.row("1", "1").values == [.text("1"), .text("1")])
        for key in ["", "NULL", "null"] { #expect(try fixture.row(key, "1").values == nil) }
    }

    @Test func `tables without a key, views and what is Recount's own have no keyed rows`() throws {
        let fixture = try KeyFixture(
            "CREATE TABLE bare (a, b)",
            "CREATE TABLE recount_own (k PRIMARY KEY)",
            "CREATE VIEW seen AS SELECT * FROM bare"
        )
        #expect(try fixture.rows.columns(of: "bare")?.key == [])
        for name in ["seen", "recount_own", "sqlite_schema", "nothing"] {
            #expect(try fixture.rows.columns(of: name) == nil, "\(name)")
        }
    }
}
