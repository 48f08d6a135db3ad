import EventModel
import Processing
import SQLiteDatabase

/// The events by which a group knows the history of its store again.
///
/// One is kept about every thousand positions; of earlier ones every second, every fourth and so
/// on, so that there are few, and most of them late.
extension GroupDatabase {
    /// How many marks of each level are kept.
    private static let countMax: UInt64 = 8

    func marks() throws -> [HistoryMark] { try Self.marks(in: database) }

    /// The marks in the database of a group, by position.
    static func marks(in database: SQLiteConnection) throws -> [HistoryMark] {
        let rows = try database.prepare(GroupSQL.copyMarks, isTrusted: true)
        var marks: [HistoryMark] = []
        while try rows.step() {
            guard let event = rows.string(at: 1).flatMap(EventID.init),
                let incarnation = UInt32(exactly: rows.integer(at: 2))
            else { continue }
            let position = Position(UInt64(clamping: rows.integer(at: 0)))
            marks.append(HistoryMark(position: position, event: event, incarnation: incarnation))
        }
        return marks
    }

    /// Keeps the mark of a progress that is to be stored, where it is long since the last one.
    func saveMark(of progress: GroupProgress) throws {
        guard let mark = progress.lastMark else { return }
        let earlier = stored?.lastMark?.position ?? .start
        if HistoryMark.stretch(of: mark.position) > HistoryMark.stretch(of: earlier) {
            try addMarks([mark])
        }
    }

    func addMarks(_ marks: [HistoryMark]) throws {
        for mark in marks { try save(mark) }
    }

    private func save(_ mark: HistoryMark) throws {
        let level = HistoryMark.stretch(of: mark.position).trailingZeroBitCount
        let saving = try database.prepare(GroupSQL.saveMark, isTrusted: true)
        try saving.bind(.integer(Int64(mark.position.number)), at: 1)
        try saving.bind(.text(mark.event.description), at: 2)
        try saving.bind(.integer(Int64(mark.incarnation)), at: 3)
        try saving.bind(.integer(Int64(level)), at: 4)
        try saving.run()
        let reach = GroupDatabase.countMax * HistoryMark.interval << UInt64(level + 1)
        guard mark.position.number > reach else { return }
        let thinning = try database.prepare(GroupSQL.thinMarks, isTrusted: true)
        try thinning.bind(.integer(Int64(level)), at: 1)
        try thinning.bind(.integer(Int64(mark.position.number - reach)), at: 2)
        try thinning.run()
    }

    /// Takes over the marks from another database of the group.
    func copyMarks(from other: SQLiteConnection) throws {
        guard try GroupSQL.hasTable("recount_marks", in: other) else { return }
        let rows = try other.prepare(GroupSQL.copyMarks, isTrusted: true)
        let saving = try database.prepare(GroupSQL.saveMark, isTrusted: true)
        while try rows.step() {
            for column in 0..<4 { try saving.bind(rows.value(at: column), at: column + 1) }
            try saving.run()
        }
    }
}
