import Disk
import EventModel
import Processing
import SQLiteDatabase

/// The generations of a group's database.
extension GroupDatabase {
    func kept() throws -> KeptGeneration? {
        guard keptGeneration != nil else { return nil }
        return try GroupSQL.loadOrigin(from: database)
    }

    private var keptGeneration: Int? { files.generations.last { $0 < generation } }

    func replace(
        by rows: FirstRows,
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws {
        try removeDraft()
        switch rows {
        case .none: try makeDraft(progress)
        case .copy: try copyToDraft()
        }
        try putDraftInUse(progress, operation: operation, beforehand) { draft, _ in
            if let replay = progress.replay { try draft.beginReplay(replay) }
        }
    }

    func installDraft(
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws {
        try putDraftInUse(progress, operation: operation, beforehand) { draft, made in
            if let replay = made?.replay { try draft.endReplay(replay) }
            try draft.copyEffects(from: database)
        }
    }

    private func putDraftInUse(
        _ progress: GroupProgress,
        operation: EventID,
        _ beforehand: () throws -> Void,
        _ change: (GroupDatabase, GroupProgress?) throws -> Void
    ) throws {
        // Nobody else can take the group over, and handle events, until the new rows are in place.
        try begin()
        defer { rollback() }
        try finishDraft(progress, operation: operation, change)
        try beforehand()
        try files.install(generation + 1)
        // What was kept before can only take room; where it cannot be removed, the next one does.
        try? removeKept()
    }

    func draftDifferences() throws -> String {
        let differences = try ReadModelRows.differences(
            from: files.database(generation),
            to: files.draft(generation + 1),
            rowCountMax: GroupDatabase.comparedRowCountMax
        )
        guard let differences else { return "too many rows to compare; see compare --with kept" }
        return differences.summary ?? "no row differs"
    }

    /// The rows that are compared before new ones take their place, which waits for that.
    private static let comparedRowCountMax: Int64 = 200_000

    private func openDraft() throws -> GroupDatabase {
        try GroupDatabase(files: files, draft: generation + 1, define: define)
    }

    private func makeDraft(_ progress: GroupProgress) throws {
        let draft = try openDraft()
        try draft.transact {
            try draft.reset()
            try draft.copySkipped(from: database)
            try draft.copyMarks(from: database)
            try draft.copyEffects(from: database)
            return progress
        }
    }

    private func copyToDraft() throws {
        try database.copy(to: files.draft(generation + 1))
        try openDraft().unmarkLetters()
    }

    /// Stores in the draft what it is to begin with, and closes it: everything is in its one file
    /// then.
    ///
    /// - Parameters:
    ///   - progress: what is stored with the rows.
    ///   - operation: the request in `$operations`.
    ///   - change: changes rows of the draft, and is given the progress that it had.
    /// - Throws: what `change` throws, and what keeps the draft from being stored.
    private func finishDraft(
        _ progress: GroupProgress,
        operation: EventID,
        _ change: (GroupDatabase, GroupProgress?) throws -> Void
    ) throws {
        let position = stored?.token.position ?? .start
        let origin = KeptGeneration(operation: operation, position: position)
        let draft = try openDraft()
        let made = try draft.loadProgress()
        try draft.transact {
            try change(draft, made)
            try GroupSQL.save(origin, in: draft.database)
            try draft.forgetMarks(after: progress.lastMark?.position ?? .start)
            return progress
        }
    }

    func takeBack(_ progress: GroupProgress, beforehand: () throws -> Void) throws {
        guard let previous = keptGeneration else {
            preconditionFailure("Only rows that are kept can be put back.")
        }
        try begin()
        defer { rollback() }
        let earlier = try GroupDatabase(files: files, generation: previous, define: define)
        guard var restored = try earlier.loadProgress() else {
            throw SQLiteError(code: .corrupt, message: "the kept rows have no progress")
        }
        restored.takeOverOperations(of: progress)
        restored.pauseReason = progress.pauseReason
        restored.retry = nil
        restored.shadow = nil
        try earlier.transact {
            try earlier.copySkipped(from: database)
            // Of effects that waited then, others may have been done since.
            try earlier.database.execute(EffectSQL.forget, isTrusted: true)
            return restored
        }
        try beforehand()
        try files.remove(generation)
    }

    func removeKept() throws {
        for earlier in files.generations where earlier < generation { try files.remove(earlier) }
    }

    func removeDraft() throws {
        try files.removeDraft(generation + 1)
    }

    /// Takes over the events that are never to be handled from another database of the group.
    func copySkipped(from other: SQLiteConnection) throws {
        guard try GroupSQL.hasTable("recount_skipped", in: other) else { return }
        let rows = try other.prepare("SELECT * FROM recount_skipped", isTrusted: true)
        while try rows.step() {
            guard let operation = rows.string(at: 1).flatMap(EventID.init) else { continue }
            let position = Position(UInt64(clamping: rows.integer(at: 0)))
            try addSkippedPosition(position, operation: operation)
        }
    }
}

extension SQLiteConnection {
    /// Writes a copy of the database, as one transaction shows it, into a file that does not exist.
    fileprivate func copy(to path: String) throws(SQLiteError) {
        let copying = try prepare("VACUUM INTO ?", isTrusted: true)
        try copying.bind(text: path, at: 1)
        try copying.run()
    }
}
