import SQLiteDatabase
import Testing

struct StatementTests {
    @Test func `gives back every kind of value`() throws {
        let connection = try memory()
        let statement = try connection.prepare("SELECT ?1")
        let values: [SQLiteValue] = [
            .null, .integer(.min), .integer(.max), .real(0.1), .text(""), .text("é\u{0}𝄞"),
            .blob([]), .blob([0, 255]),
        ]
        for value in values {
            try statement.bind(value, at: 1)
            #expect(try statement.step())
            #expect(statement.value(at: 0) == value)
            statement.reset()
        }
    }

    @Test func `binds by name and runs again`() throws {
        let connection = try memory()
        let statement = try connection.prepare("SELECT :a || :b AS joined, ?5")
        #expect(statement.parameterNames == [":a", ":b", nil, nil, "?5"])
        #expect(statement.parameterIndex(":b") == 2)
        #expect(statement.parameterIndex(":c") == nil)
        #expect(statement.columnNames.first == "joined")
        #expect(statement.isReadOnly)
        try statement.bind(text: "x", at: 1)
        try statement.bind(text: "yz".utf8.span, at: 2)
        #expect(try statement.step())
        #expect(statement.string(at: 0) == "xyz")
        #expect(statement.type(at: 1) == .null)
        #expect(try !statement.step())
        try statement.bind(integer: 7, at: 1)
        #expect(try statement.step())
        #expect(statement.withText(at: 0) { $0.count } == 3)
        #expect(statement.withText(at: 1) { $0.count } == nil)
        statement.reset()
        let error = #expect(throws: SQLiteError.self) { try statement.bind(integer: 1, at: 9) }
        #expect(error?.code == .range)
    }

    @Test func `binds bytes without a copy`() throws {
        let connection = try memory()
        let statement = try connection.prepare("SELECT ?1, ?2")
        try Array("payload".utf8).withUnsafeBufferPointer { bytes in
            try statement.bindUncopied(text: bytes, at: 1)
            try statement.bindUncopied(blob: bytes, at: 2)
            #expect(try statement.step())
            #expect(statement.string(at: 0) == "payload")
            #expect(statement.blob(at: 1) == Array("payload".utf8))
            statement.reset()
            statement.clearBindings()
        }
        #expect(try statement.step())
        #expect(statement.value(at: 0) == .null)
    }

    @Test func `tells which constraint a row breaks and runs again`() throws {
        let connection = try memory()
        try connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b NOT NULL CHECK (b > 0))")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?)")
        #expect(!insert.isReadOnly)
        try insert.bind(integer: 1, at: 1)
        try insert.bind(integer: 1, at: 2)
        try insert.run()
        let double = #expect(throws: SQLiteError.self) { try insert.run() }
        #expect(double?.code.primary == .constraint)
        #expect(double?.code.rawValue == 1555)
        #expect(double.map { SQLiteError.Code.constraint ~= $0.code } == true)
        try insert.bind(integer: 2, at: 1)
        try insert.bindNull(at: 2)
        let missing = #expect(throws: SQLiteError.self) { try insert.run() }
        #expect(missing?.message == "NOT NULL constraint failed: t.b")
        try insert.bind(integer: 2, at: 2)
        try insert.run()
        #expect(try connection.rows("SELECT count(*) FROM t") == [[.integer(2)]])
    }
}
