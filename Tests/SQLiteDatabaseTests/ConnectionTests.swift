import EventStorage
import Glibc
import SQLiteDatabase
import Synchronization
import Testing

func memory() throws -> SQLiteConnection {
    try SQLiteConnection(path: "", mode: .inMemory)
}

extension SQLiteConnection {
    /// All rows of a query, for comparison.
    func rows(_ sql: String) throws -> [[SQLiteValue]] {
        let statement = try prepare(sql)
        var rows: [[SQLiteValue]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.value(at: $0) })
        }
        return rows
    }
}

struct ConnectionTests {
    @Test func `keeps what a transaction committed in a file`() throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/a.sqlite"
        do {
            let connection = try SQLiteConnection(path: path, mode: .readWriteCreate)
            try connection.execute("CREATE TABLE t (a); -- comment\n INSERT INTO t VALUES (1);\n")
            try connection.transaction { try connection.execute("INSERT INTO t VALUES (2)") }
            #expect(try connection.rows("PRAGMA journal_mode") == [[.text("wal")]])
            #expect(connection.lastInsertedRow == 2)
            #expect(connection.changedRowCount == 1)
        }
        let reader = try SQLiteConnection(path: path, mode: .readOnly)
        #expect(try reader.rows("SELECT a FROM t ORDER BY a") == [[.integer(1)], [.integer(2)]])
        let error = #expect(throws: SQLiteError.self) { try reader.execute("DELETE FROM t") }
        #expect(error?.code.primary == .readOnly)
        #expect(error?.remedy != nil)
    }

    @Test func `rolls back when the body throws`() throws {
        struct Stop: Error {}
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a)")
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.rows("SELECT * FROM t").isEmpty)
    }

    @Test func `rolls back when the commit fails`() throws {
        let connection = try memory()
        try connection.execute(
            """
            PRAGMA foreign_keys = 1; CREATE TABLE p (i PRIMARY KEY);
            CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)
            """
        )
        let error = #expect(throws: SQLiteError.self) {
            try connection.transaction { try connection.execute("INSERT INTO c VALUES (1)") }
        }
        #expect(error?.code.primary == .constraint)
        #expect(!connection.isInTransaction)
    }

    @Test func `reports a file that is missing or no database`() throws {
        let directory = TemporaryDirectory()
        let missing = #expect(throws: SQLiteError.self) {
            try SQLiteConnection(path: "\(directory.path)/none.sqlite", mode: .readOnly)
        }
        #expect(missing?.code.primary == .cannotOpen)
        #expect(missing?.message.contains("none.sqlite") == true)
        let other = #expect(throws: SQLiteError.self) {
            try SQLiteConnection(path: "/etc/passwd", mode: .readOnly).rows("SELECT * FROM t")
        }
        #expect(other?.code == .notADatabase)
    }

    @Test func `gives up when another connection keeps its lock`() throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/a.sqlite"
        let configuration = SQLiteConnection.Configuration(busyTimeoutMilliseconds: 10)
        let first = try SQLiteConnection(path: path, mode: .readWriteCreate)
        let second = try SQLiteConnection(
            path: path,
            mode: .readWriteCreate,
            configuration: configuration
        )
        try first.begin()
        let error = #expect(throws: SQLiteError.self) { try second.begin() }
        #expect(error?.code.primary == .busy)
        try first.rollback()
        try second.begin()
        try second.commit()
    }

    @Test func `tells where wrong SQL is wrong, also in a script`() throws {
        let connection = try memory()
        let wrong = #expect(throws: SQLiteError.self) {
            try connection.prepare("SELECT 'éé', nothing")
        }
        #expect(wrong?.code == .error)
        #expect(wrong?.byteOffset == 15)
        let script = "CREATE TABLE t (a); SELECT a FROM t; SELECT b FROM t"
        let error = #expect(throws: SQLiteError.self) { try connection.execute(script) }
        #expect(error?.byteOffset == script.utf8.count - "b FROM t".utf8.count)
        #expect(error?.message == "no such column: b")
        #expect(error?.sql == script)
    }

    @Test func `knows the bounds of the statements of a script`() throws {
        let connection = try memory()
        let script = " SELECT 1;;\n -- rest; of it\n SELECT ';' ; \n/* end */ "
        var texts: [String] = []
        var offset = 0
        while let next = try connection.nextStatement(in: script, from: offset) {
            texts.append(String(decoding: Array(script.utf8)[next.range], as: UTF8.self))
            offset = next.range.upperBound
        }
        #expect(texts == ["SELECT 1;", "-- rest; of it\n SELECT ';' ;"])
    }

    @Test func `compiles exactly one statement`() throws {
        let connection = try memory()
        #expect(try connection.prepare("SELECT 1; -- end\n").columnCount == 1)
        let two = #expect(throws: SQLiteError.self) { try connection.prepare("SELECT 1; SELECT 2") }
        #expect(two?.code == .misuse)
        #expect(two?.byteOffset == 10)
        for sql in ["", " ;", "-- nothing"] {
            #expect(throws: SQLiteError.self) { try connection.prepare(sql) }
        }
    }

    @Test func `stops a statement from another thread`() throws {
        let connection = try memory()
        let interrupter = connection.interrupter
        let isStopped = Atomic(false)
        // A thread of its own: the test keeps one of the few that tasks run on.
        let stopper = WorkerThread {
            while !isStopped.load(ordering: .acquiring) {
                interrupter.interrupt()
                sched_yield()
            }
        }
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            )
        }
        isStopped.store(true, ordering: .releasing)
        stopper.join()
        #expect(error?.code == .interrupted)
    }
}
