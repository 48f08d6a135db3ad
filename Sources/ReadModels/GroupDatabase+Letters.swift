import EventModel
import Processing
import SQLiteDatabase

/// The dead letters in the database of a group.
extension GroupDatabase {
    func firstLetters() throws -> [DeadLetter] {
        let rows = try database.prepare(LetterSQL.firsts, isTrusted: true)
        var letters: [DeadLetter] = []
        while try rows.step() { letters.append(LetterSQL.letter(in: rows)) }
        return letters
    }

    func firstLetter(of key: String) throws -> DeadLetter? {
        let rows = try database.prepare(LetterSQL.first, isTrusted: true)
        try rows.bind(.text(key), at: 1)
        return try rows.step() ? LetterSQL.letter(in: rows) : nil
    }

    func putLetter(_ letter: DeadLetter) throws {
        defer { saveLetter.reset() }
        try LetterSQL.bind(letter, to: saveLetter)
        try saveLetter.run()
    }

    func removeLetter(at position: Position) throws {
        try run(LetterSQL.remove, .integer(Int64(position.number)))
    }

    func noteLate(_ position: Position) throws {
        try run(LetterSQL.noteLate, .integer(Int64(position.number)))
    }

    func hasLetter(at position: Position) throws -> Bool {
        let row = try database.prepare(LetterSQL.find, isTrusted: true)
        try row.bind(.integer(Int64(position.number)), at: 1)
        return try row.step()
    }

    func markLetters(_ selection: LetterSelection, asker: EventID) throws -> Int {
        let values =
            [.text(asker.description)] + [LetterSQL.value(of: selection)].compactMap(\.self)
        try run(LetterSQL.mark(selection), values)
        return Int(database.changedRowCount)
    }

    func unmarkLetters() throws {
        try run(LetterSQL.unmark)
    }

    func removeLetters(_ selection: LetterSelection) throws -> [DeadLetter] {
        let rows = try database.prepare(LetterSQL.remove(selection), isTrusted: true)
        if let value = LetterSQL.value(of: selection) { try rows.bind(value, at: 1) }
        var letters: [DeadLetter] = []
        while try rows.step() { letters.append(LetterSQL.letter(in: rows)) }
        return letters
    }

    func letterCounts() throws -> [String: UInt64] {
        let rows = try database.prepare(LetterSQL.counts, isTrusted: true)
        var counts: [String: UInt64] = [:]
        while try rows.step() {
            counts[rows.string(at: 0) ?? ""] = UInt64(clamping: rows.integer(at: 1))
        }
        return counts
    }

    func skippedPositions() throws -> Set<Position> {
        Set(try positions(try database.prepare(LetterSQL.skipped, isTrusted: true)))
    }

    func addSkippedPosition(_ position: Position, operation: EventID) throws {
        try run(LetterSQL.skip, .integer(Int64(position.number)), .text(operation.description))
    }

    func removeSkippedPosition(_ position: Position) throws {
        try run(LetterSQL.unskip, .integer(Int64(position.number)))
    }

    private func positions(_ rows: SQLiteStatement) throws(SQLiteError) -> [Position] {
        var positions: [Position] = []
        while try rows.step() {
            positions.append(Position(UInt64(clamping: rows.integer(at: 0))))
        }
        return positions
    }

    private func run(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) {
        try run(sql, values)
    }

    private func run(_ sql: String, _ values: [SQLiteValue]) throws(SQLiteError) {
        let statement = try database.prepare(sql, isTrusted: true)
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        try statement.run()
    }
}
