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
        case .none: try openDraft().makeTables()
        case .copy: try copyToDraft()
        }
        try installDraft(progress, operation: operation, beforehand: beforehand)
    }

    func installDraft(
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws {
        try finishDraft(progress, operation: operation)
        try beforehand()
        try files.install(generation + 1)
        // What was kept before can only take room; where it cannot be removed, the next one does.
        try? removeKept()
    }

    private func openDraft() throws -> GroupDatabase {
        try GroupDatabase(files: files, draft: generation + 1, define: define)
    }

    private func copyToDraft() throws {
        try database.copy(to: files.draft(generation + 1))
        try openDraft().unmarkLetters()
    }

    /// Stores in the draft what it is to begin with, and closes it: everything is in its one file
    /// then.
    private func finishDraft(_ progress: GroupProgress, operation: EventID) throws {
        let position = stored?.token.position ?? .start
        let origin = KeptGeneration(operation: operation, position: position)
        let draft = try openDraft()
        _ = try draft.loadProgress()
        try draft.transact {
            try draft.copySkipped(from: self)
            try GroupSQL.save(origin, in: draft.database)
            return progress
        }
    }

    func takeBack(_ progress: GroupProgress, beforehand: () throws -> Void) throws {
        guard let previous = keptGeneration else {
            preconditionFailure("Only rows that are kept can be put back.")
        }
        let earlier = try GroupDatabase(files: files, generation: previous, define: define)
        guard var restored = try earlier.loadProgress() else {
            throw SQLiteError(code: .corrupt, message: "the kept rows have no progress")
        }
        restored.nextOperation = progress.nextOperation
        restored.pauseReason = progress.pauseReason
        restored.retry = nil
        restored.shadow = nil
        try earlier.copySkipped(from: self)
        try earlier.transact { restored }
        try beforehand()
        try files.remove(generation)
    }

    func removeKept() throws {
        for earlier in files.generations where earlier < generation { try files.remove(earlier) }
    }

    func removeDraft() throws {
        try files.removeDraft(generation + 1)
    }

    /// Makes the tables as they are defined today.
    func makeTables() throws {
        try begin()
        do {
            try reset()
            try database.commit()
        } catch {
            rollback()
            throw error
        }
    }

    private func copySkipped(from other: GroupDatabase) throws {
        let rows = try other.database.prepare("SELECT * FROM recount_skipped", isTrusted: true)
        while try rows.step() {
            guard let operation = rows.string(at: 1).flatMap(EventID.init) else { continue }
            let position = Position(UInt64(clamping: rows.integer(at: 0)))
            try addSkippedPosition(position, operation: operation)
        }
    }

    private func transact(_ body: () throws -> GroupProgress) throws {
        try begin()
        do {
            try commit(try body())
        } catch {
            rollback()
            throw error
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
