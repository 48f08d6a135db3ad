import EventModel
import Processing
import SQLiteDatabase

/// The events by which a group knows the history of its store again.
extension GroupDatabase {
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
            let isTimed = rows.type(at: 4) != .null
            marks.append(
                HistoryMark(
                    position: position,
                    event: event,
                    incarnation: incarnation,
                    recordedTime: isTimed ? Timestamp(microseconds: rows.integer(at: 4)) : nil
                )
            )
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
        guard let last = marks.map(\.position.number).max() else { return }
        let saving = try database.prepare(GroupSQL.saveMark, isTrusted: true)
        for mark in marks {
            try saving.bind(.integer(Int64(mark.position.number)), at: 1)
            try saving.bind(.text(mark.event.description), at: 2)
            try saving.bind(.integer(Int64(mark.incarnation)), at: 3)
            try saving.bind(.integer(Int64(mark.level)), at: 4)
            let time = mark.recordedTime.map { SQLiteValue.integer($0.microseconds) }
            try saving.bind(time ?? .null, at: 5)
            try saving.run()
        }
        let thinning = try database.prepare(GroupSQL.thinMarks, isTrusted: true)
        for level in Set(marks.map(\.level)) {
            let reach = HistoryMark.reach(ofLevel: level)
            guard last > reach else { continue }
            try thinning.bind(.integer(Int64(level)), at: 1)
            try thinning.bind(.integer(Int64(last - reach)), at: 2)
            try thinning.run()
        }
    }

    /// Forgets the marks of events of another history than the log's.
    func forgetMarks(after position: Position) throws {
        let forgetting = try database.prepare(GroupSQL.forgetMarks, isTrusted: true)
        try forgetting.bind(.integer(position), at: 1)
        try forgetting.run()
    }

    /// Takes over the marks from another database of the group.
    func copyMarks(from other: SQLiteConnection) throws {
        guard try GroupSQL.hasTable("recount_marks", in: other) else { return }
        let rows = try other.prepare(GroupSQL.copyMarks, isTrusted: true)
        let saving = try database.prepare(GroupSQL.saveMark, isTrusted: true)
        while try rows.step() {
            for column in 0..<rows.columnCount {
                try saving.bind(rows.value(at: column), at: column + 1)
            }
            try saving.run()
        }
    }
}
