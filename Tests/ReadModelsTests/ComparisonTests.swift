import Disk
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Two databases made by scripts.
private struct Pair {
    let directory = TemporaryDirectory()
    let before: ReadModelRows
    let after: ReadModelRows

    /// Makes both by one script, and the second one by another one too.
    init(_ script: String, then change: String = "") throws {
        let paths = ["before", "after"].map { [directory] in directory.path + "/" + $0 }
        for (path, more) in zip(paths, ["", change]) {
            let database = try Pair.writer(path)
            try database.execute(script)
            try database.execute(more)
        }
        before = try ReadModelRows(path: paths[0])
        after = try ReadModelRows(path: paths[1])
    }

    /// Opens a database for changing it without waiting for the disk.
    static func writer(_ path: String) throws -> SQLiteConnection {
        try SQLiteConnection(
            path: path,
            mode: .readWriteCreate,
            configuration: SQLiteConnection.Configuration(synchronization: .off)
        )
    }

    /// Changes one of the two, `before` or `after`.
    func change(_ name: String, _ script: String) throws {
        try Pair.writer(directory.path + "/" + name).execute(script)
    }

    func differences(_ rowCountMax: Int = 100) throws -> [TableDifference] {
        try before.differences(to: after, rowCountMax: rowCountMax)
    }

    /// What differs in the only table that does; the digests differ there too and nowhere else.
    func difference() throws -> TableDifference {
        let differing = try differences().filter { !$0.isEmpty }
        let digests = (try before.digest(), try after.digest())
        #expect(digests.0.digest != digests.1.digest)
        let changed = zip(digests.0.tables, digests.1.tables).filter { $0.digest != $1.digest }
        #expect(changed.map(\.0.name) == differing.map(\.name))
        try #require(differing.count == 1)
        return differing[0]
    }

    func areEqual() throws -> Bool {
        let differences = try differences()
        let isEqual = try before.digest() == after.digest()
        #expect(isEqual == differences.allSatisfy(\.isEmpty), "\(differences)")
        return isEqual
    }
}

extension Pair {
    /// Compares the table `t` of both row by row, as slowly as it goes.
    fileprivate func check(_ round: Int) throws {
        let difference = try #require(try differences().first)
        var (removed, added) = (try rows("before"), try rows("after"))
        for row in added where removed[row.key] != nil {
            let count = min(row.value, removed[row.key] ?? 0)
            removed[row.key, default: 0] -= count
            added[row.key, default: 0] -= count
        }
        let counts = (removed.values.reduce(0, +), added.values.reduce(0, +))
        #expect(difference.removedCount + difference.changedCount == counts.0, "\(round)")
        #expect(difference.addedCount + difference.changedCount == counts.1, "\(round)")
        #expect(try areEqual() == (counts == (0, 0)), "\(round)")
        let told = difference.rows.compactMap(\.before)
        #expect(told.allSatisfy { removed[$0, default: 0] > 0 }, "\(round)")
    }

    /// How often each row is there.
    private func rows(_ name: String) throws -> [[SQLiteValue]: Int64] {
        let database = try SQLiteConnection(path: directory.path + "/" + name, mode: .readOnly)
        let statement = try database.prepare("SELECT * FROM t")
        var rows: [[SQLiteValue]: Int64] = [:]
        while try statement.step() {
            rows[[statement.value(at: 0), statement.value(at: 1)], default: 0] += 1
        }
        return rows
    }
}

extension TableDifference {
    /// Rows removed, added and changed.
    fileprivate var counts: [Int64] { [removedCount, addedCount, changedCount] }
}

/// Tables of every form, with rows.
private let varied = """
    CREATE TABLE keyed (name TEXT PRIMARY KEY, value);
    INSERT INTO keyed VALUES ('a', 1), ('b', 2.5), ('c', 'text'), ('d', x'00ff'), ('e', NULL);
    CREATE TABLE numbered (id INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT);
    INSERT INTO numbered (value) VALUES ('one'), ('two'), ('three');
    CREATE TABLE compact (a, b, c, PRIMARY KEY (b, a)) WITHOUT ROWID;
    INSERT INTO compact VALUES (1, 1, 'x'), (2, 1, 'y'), (1, 2, 'z'), (9007199254740993, 0, 'w'),
        (9007199254740992.0, 0, 'v');
    CREATE TABLE bare (a, b);
    INSERT INTO bare VALUES (1, 2), (1, 2), (1, 2), (NULL, NULL), ('1', 2), (1.0, 2), (x'31', 2),
        (-0.0, 0);
    CREATE TABLE loose (k TEXT PRIMARY KEY, v);
    INSERT INTO loose VALUES (NULL, 1), (NULL, 2), ('a', 3);
    CREATE TABLE folded (name TEXT COLLATE NOCASE PRIMARY KEY, n) WITHOUT ROWID;
    INSERT INTO folded VALUES ('b', 1), ('A', 2), ('c', 3), ('B2', 4), ('a3', 5);
    CREATE TABLE made (a INTEGER PRIMARY KEY, twice GENERATED ALWAYS AS (a * 2) VIRTUAL);
    INSERT INTO made VALUES (1), (2);
    CREATE VIRTUAL TABLE found USING fts5(text);
    INSERT INTO found VALUES ('some words'), ('other words');
    CREATE VIEW seen AS SELECT a FROM bare;
    CREATE TABLE recount_own (a);
    INSERT INTO recount_own VALUES (1);
    """

@Suite struct ComparisonTests {
    @Test func `the same rows are equal however they came to be`() throws {
        let shuffled = """
            DELETE FROM keyed WHERE name < 'c';
            INSERT INTO keyed VALUES ('b', 2.5), ('a', 1);
            DELETE FROM bare;
            INSERT INTO bare VALUES (x'31', 2), (1.0, 2), ('1', 2), (1, 2), (NULL, NULL), (1, 2);
            INSERT INTO bare VALUES (1, 2), (0.0, 0);
            DELETE FROM loose;
            INSERT INTO loose VALUES ('a', 3), (NULL, 2), (NULL, 1);
            DELETE FROM found;
            INSERT INTO found VALUES ('other words');
            INSERT INTO found VALUES ('some words');
            UPDATE recount_own SET a = 2;
            INSERT INTO numbered (value) VALUES ('four');
            DELETE FROM numbered WHERE value = 'four';
            VACUUM;
            """
        let pair = try Pair(varied, then: shuffled)
        #expect(try pair.areEqual())
        let tables = try pair.before.digest().tables
        #expect(
            tables.map(\.name)
                == ["bare", "compact", "folded", "found", "keyed", "loose", "made", "numbered"]
        )
        #expect(tables.map(\.rowCount) == [8, 5, 5, 2, 5, 3, 2, 3])
        #expect(try pair.before.rowCount(of: ["bare", "keyed"]) == 13)
    }

    private static let changes: [(change: String, table: String, counts: [Int64])] = [
        ("UPDATE keyed SET value = 2 WHERE name = 'a'", "keyed", [0, 0, 1]),
        // Each is another value than it was, though it compares or looks like it.
        ("UPDATE keyed SET value = '1' WHERE name = 'a'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = 1.0 WHERE name = 'a'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = NULL WHERE name = 'a'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = x'74657874' WHERE name = 'c'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = 'text ' WHERE name = 'c'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = x'00ff00' WHERE name = 'd'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = x'' WHERE name = 'e'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = '' WHERE name = 'e'", "keyed", [0, 0, 1]),
        ("UPDATE keyed SET value = value || 'x'", "keyed", [0, 0, 4]),
        ("DELETE FROM keyed WHERE name = 'e'", "keyed", [1, 0, 0]),
        ("DELETE FROM keyed WHERE name = 'a'", "keyed", [1, 0, 0]),
        ("DELETE FROM keyed", "keyed", [5, 0, 0]),
        ("INSERT INTO keyed VALUES ('aa', 1)", "keyed", [0, 1, 0]),
        ("INSERT INTO keyed VALUES (x'61', 1)", "keyed", [0, 1, 0]),
        // Two rows may have no key, so that none of the rows is told apart by it.
        ("INSERT INTO keyed VALUES (NULL, 1), (NULL, 1)", "keyed", [0, 2, 0]),
        ("UPDATE keyed SET name = 'z' WHERE name = 'a'", "keyed", [1, 1, 0]),
        ("UPDATE numbered SET value = 'TWO' WHERE id = 2", "numbered", [0, 0, 1]),
        ("UPDATE numbered SET id = 7 WHERE id = 2", "numbered", [1, 1, 0]),
        ("UPDATE compact SET c = 'u' WHERE a = 2", "compact", [0, 0, 1]),
        ("UPDATE compact SET a = 1.0 WHERE c = 'x'", "compact", [1, 1, 0]),
        ("UPDATE compact SET a = '1' WHERE c = 'x'", "compact", [1, 1, 0]),
        ("UPDATE compact SET a = 9007199254740994.0 WHERE c = 'w'", "compact", [1, 1, 0]),
        ("DELETE FROM compact WHERE c = 'v'", "compact", [1, 0, 0]),
        ("DELETE FROM compact WHERE c = 'w'", "compact", [1, 0, 0]),
        ("DELETE FROM compact WHERE b = 1", "compact", [2, 0, 0]),
        ("DELETE FROM bare WHERE rowid = 2", "bare", [1, 0, 0]),
        ("INSERT INTO bare VALUES (1, 2)", "bare", [0, 1, 0]),
        ("INSERT INTO bare VALUES (1.0, 2)", "bare", [0, 1, 0]),
        ("UPDATE bare SET a = 1 WHERE a = 1 AND typeof(a) = 'real'", "bare", [1, 1, 0]),
        ("UPDATE bare SET b = 3 WHERE a IS NULL", "bare", [1, 1, 0]),
        ("DELETE FROM loose WHERE v = 1", "loose", [1, 0, 0]),
        ("UPDATE loose SET v = 4 WHERE v = 1", "loose", [1, 1, 0]),
        ("DELETE FROM folded WHERE name = 'b'", "folded", [1, 0, 0]),
        ("UPDATE folded SET n = 6 WHERE name = 'B2'", "folded", [0, 0, 1]),
        ("UPDATE folded SET name = 'C' WHERE name = 'c'", "folded", [1, 1, 0]),
        ("INSERT INTO folded VALUES ('B3', 0)", "folded", [0, 1, 0]),
        ("INSERT INTO found VALUES ('more')", "found", [0, 1, 0]),
    ]

    @Test(arguments: changes.indices)
    func `one change is found, and nothing else`(index: Int) throws {
        let (change, table, counts) = ComparisonTests.changes[index]
        let pair = try Pair(varied, then: change)
        let difference = try pair.difference()
        #expect(difference.name == table && difference.counts == counts, "\(change)")
        #expect(difference.rows.count == Int(difference.rowCount))
        // Seen from the other side it is the same.
        let reversed = try pair.after.differences(to: pair.before).filter { !$0.isEmpty }
        #expect(reversed.map(\.counts) == [[counts[1], counts[0], counts[2]]])
    }

    @Test func `rows that differ are told with what they hold on both sides`() throws {
        let change = """
            UPDATE keyed SET value = x'00' WHERE name = 'b';
            DELETE FROM keyed WHERE name = 'c';
            INSERT INTO keyed VALUES ('ab', NULL);
            """
        let pair = try Pair(varied, then: change)
        let rows = try pair.difference().rows
        #expect(
            rows.map(\.before) == [nil, [.text("b"), .real(2.5)], [.text("c"), .text("text")]]
        )
        #expect(rows.map(\.after) == [[.text("ab"), .null], [.text("b"), .blob([0])], nil])
        #expect(rows.allSatisfy { $0.columns == ["name", "value"] && $0.keyColumns == [0] })
        let few = try pair.differences(1).filter { !$0.isEmpty }
        #expect(few.map(\.rows.count) == [1] && few.map(\.rowCount) == [3])
        #expect(few.summary == "keyed: 1 rows added, 1 removed, 1 changed")
        #expect(try pair.before.differences(to: pair.before).summary == nil)
    }

    @Test func `tables that are not there or have other columns are told`() throws {
        let change = """
            DROP VIEW seen;
            DROP TABLE bare;
            CREATE TABLE fresh (a PRIMARY KEY);
            ALTER TABLE keyed ADD COLUMN more;
            ALTER TABLE numbered RENAME COLUMN value TO text;
            """
        let pair = try Pair(varied, then: change)
        let differences = try pair.differences().filter { !$0.isEmpty }
        #expect(differences.map(\.name) == ["bare", "fresh", "keyed", "numbered"])
        #expect(differences.map(\.hasOtherColumns) == [false, false, true, true])
        #expect(differences.map(\.afterCount) == [nil, 0, 5, 3])
        #expect(differences.map(\.beforeCount) == [8, nil, 5, 3])
        #expect(differences.map(\.counts) == [[8, 0, 0], [0, 0, 0], [5, 5, 0], [3, 3, 0]])
        #expect(differences.sortedBySize.map(\.name) == ["keyed", "bare", "numbered", "fresh"])
        let digests = (try pair.before.digest(), try pair.after.digest())
        for name in ["keyed", "numbered"] {
            let tables = [digests.0, digests.1].map { $0.tables.first { $0.name == name }?.digest }
            #expect(tables[0] != tables[1], "\(name)")
        }
    }

    @Test func `digests are those that are documented`() throws {
        let pair = try Pair("CREATE TABLE t (a PRIMARY KEY, b); INSERT INTO t VALUES (-1, 'é')")
        let digest = try pair.before.digest()
        // sha256 of: 2 columns, 'a', 'b', then integer -1 and the two bytes of a text.
        #expect(
            digest.tables.map(\.digest.description) == [
                "94b329673f0cf3e796818f3b3084d4e4117180b1e65bf65c0a15ba48505df147"
            ]
        )
        // sha256 of: 1 table, 't', then the 32 bytes above.
        #expect(
            digest.digest.description
                == "9fb1375c57158302692f877cfddec6fc58d2526737b05f6d61d3d298c7d2b314"
        )
        // The same of 1 column, 'a', and 70,000 times an x.
        let long = "CREATE TABLE t (a); INSERT INTO t VALUES (printf('%.*c', 70000, 'x'))"
        #expect(
            try Pair(long).before.digest().tables.map(\.digest.description) == [
                "764b4a92a95663c01267a9093dfc1ac381c4fb11ced2b097b285ee51fae42bcb"
            ]
        )
        let empty = try Pair("CREATE TABLE t (a, b)", then: "DROP TABLE t")
        #expect(try empty.before.digest() != empty.after.digest())
    }

    @Test func `what one value ends with is not what the next begins with`() throws {
        let table = "CREATE TABLE t (a, b);"
        for (one, other) in [
            ("('ab', 'c')", "('a', 'bc')"), ("(x'0001', x'')", "(x'00', x'01')"),
            ("(NULL, 0)", "(0, NULL)"), ("(1, 2), (3, 4)", "(1, 2), (4, 3)"),
            ("('a', 'b'), ('c', 'd')", "('a', 'd'), ('c', 'b')"),
        ] {
            let pair = try Pair(
                table + "INSERT INTO t VALUES \(one)",
                then: "DELETE FROM t; INSERT INTO t VALUES \(other)"
            )
            #expect(try !pair.areEqual(), "\(one) \(other)")
        }
    }

    @Test func `long texts and bytes are told apart by any of their bytes`() throws {
        let long = """
            CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB);
            INSERT INTO t SELECT value, printf('%.*c', 200000, 'x'), zeroblob(70000 + value)
            FROM json_each('[1, 2, 3]');
            """
        #expect(try Pair(long).areEqual())
        for change in [
            "UPDATE t SET b = substr(b, 1, 199999) || 'y' WHERE a = 2",
            "UPDATE t SET b = substr(b, 2) WHERE a = 2",
            "UPDATE t SET c = CAST(zeroblob(70001) || x'01' AS BLOB) WHERE a = 2",
            "UPDATE t SET b = CAST(x'787800' || b AS TEXT) WHERE a = 3",
            "UPDATE t SET b = CAST(x'ff' AS TEXT) || b WHERE a = 3",
        ] {
            #expect(try Pair(long, then: change).difference().counts == [0, 0, 1], "\(change)")
        }
        // Bytes that are no text are not told as the text that they are shown as.
        let wrong = "CREATE TABLE t (a); INSERT INTO t VALUES (CAST(x'ff' AS TEXT))"
        let pair = try Pair(wrong, then: "UPDATE t SET a = CAST(x'efbfbd' AS TEXT)")
        #expect(try pair.difference().counts == [1, 1, 0])
    }

    @Test func `many rows are compared, and those that differ counted and not kept`() throws {
        let many = """
            CREATE TABLE keyed (k TEXT PRIMARY KEY, v);
            CREATE TABLE bare (a, b);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO keyed SELECT hex(i * 7919 % 20011), i FROM n;
            INSERT INTO bare SELECT v % 100, k FROM keyed;
            """
        let change = """
            UPDATE keyed SET v = -v WHERE v % 3 = 0;
            DELETE FROM keyed WHERE v % 5 = 0;
            INSERT INTO bare SELECT a, b FROM bare WHERE a < 10;
            DELETE FROM bare WHERE a = 50;
            """
        var rowCount = 0
        let pair = try Pair(many, then: change)
        let differences = try pair.before.differences(to: pair.after, rowCountMax: 5) {
            rowCount += $0
            return true
        }
        #expect(differences.map(\.name) == ["bare", "keyed"])
        #expect(differences.map(\.counts) == [[200, 2000, 0], [4000, 0, 5333]])
        #expect(differences.map(\.rows.count) == [5, 5])
        #expect((76_000...77_800).contains(rowCount))
        #expect(throws: ComparisonGivenUp.self) {
            try pair.before.differences(to: pair.after) { _ in false }
        }
        #expect(throws: ComparisonGivenUp.self) { try pair.before.digest { _ in false } }
        #expect(try pair.before.digest(of: ["bare"]).tables.map(\.rowCount) == [20_000])
    }

    @Test func `files are compared as long as they are not too large`() throws {
        let directory = TemporaryDirectory()
        let (before, after) = (directory.path + "/before", directory.path + "/after")
        try Pair.writer(before).execute(varied)
        try Pair.writer(after).execute(varied + "UPDATE keyed SET value = 0")
        func summary(_ rowCountMax: Int64) throws -> String? {
            try ReadModelRows.differences(from: before, to: after, rowCountMax: rowCountMax)?
                .summary
        }
        #expect(try summary(66) == "keyed: 0 rows added, 0 removed, 5 changed")
        #expect(try summary(65) == nil)
        let files = try RealDisk().names(in: directory.path)
        #expect(files.contains("before-wal") && !files.contains("after-wal"), "\(files)")
    }

    @Test func `random rows differ exactly as they do one by one`() throws {
        var random = RandomSequence(seed: 7)
        let values = [
            "NULL", "0", "-0.0", "0.0", "1", "1.0", "'1'", "'a'", "'A'", "''", "x''", "x'61'", "2",
            "9007199254740993", "9007199254740992.0", "-9223372036854775808", "-1e300", "1e300",
        ]
        let forms = [
            "(a, b)", "(a PRIMARY KEY, b)", "(a, b, PRIMARY KEY (b DESC, a)) WITHOUT ROWID",
        ]
        for round in 0..<150 {
            // Few values are often the same.
            let values = values.shuffled(using: &random).prefix(5)
            let form = forms[round % forms.count]
            let count = Int.random(in: 0..<12, using: &random)
            let inserts = (0..<2 * count).map { _ in
                let (a, b) = (
                    values.randomElement(using: &random) ?? "",
                    values.randomElement(using: &random) ?? ""
                )
                return "INSERT OR IGNORE INTO t VALUES (\(a), \(b));"
            }
            let common = inserts.prefix(count).joined()
            let more = inserts.dropFirst(count).prefix(round % 4).joined()
            let pair = try Pair("CREATE TABLE t \(form)")
            for (name, rows) in [("before", common), ("after", common + more)] {
                try pair.change(name, rows)
            }
            if round % 4 == 0 {
                try pair.change(
                    "after",
                    "DELETE FROM t WHERE b IS \(values[0]); UPDATE OR IGNORE t SET b = 2.0"
                )
            }
            try pair.check(round)
        }
    }

    @Test func `rows that are held are those of one moment`() throws {
        let pair = try Pair(varied)
        try pair.after.hold()
        try pair.change("after", "DELETE FROM keyed")
        #expect(try pair.areEqual())
        pair.after.release()
        #expect(try !pair.areEqual())
    }
}
