import EventModel
@testable import Processing

/// The generations of the simulated group.
extension SimulatedStorage {
    private var keptNumber: Int? { disk.generations.keys.filter { $0 < generation }.max() }

    func kept() throws -> KeptGeneration? {
        try host.reach()
        return keptNumber == nil ? nil : content.origin
    }

    func replace(
        by rows: FirstRows,
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws {
        try removeDraft()
        try host.reach()
        var made = RowsContent()
        switch rows {
        case .none:
            made.skipped = content.skipped
            made.marks = content.marks
        case .copy:
            made = content
            for id in made.segments.keys { made.segments[id]?.claim = 0 }
            for position in made.letters.keys { made.letters[position]?.asker = nil }
        }
        let draft = RowsFile(made)
        if rows == .copy { draft.common = file.common }
        disk.drafts[generation + 1] = draft
        try installDraft(progress, operation: operation, beforehand: beforehand)
    }

    func draftDifferences() throws -> String {
        try host.reach()
        return "not compared"
    }

    func installDraft(
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws {
        let next = generation + 1
        try begin()
        defer { rollback() }
        let made = disk.drafts[next] ?? RowsFile(RowsContent())
        disk.drafts[next] = made
        let position = stored?.token.position ?? .start
        let draft = SimulatedStorage(host, made, generation: next)
        _ = try draft.loadProgress()
        try draft.transact {
            draft.working?.origin = KeptGeneration(operation: operation, position: position)
            let last = progress.lastMark?.position ?? .start
            let marks = draft.content.marks.filter { $0.key <= last }
            draft.working?.marks = marks
            return progress
        }
        try beforehand()
        try host.reach()
        guard disk.generations[next] == nil, isInPlace, disk.drafts[next] === made else {
            throw world.violation("another generation was put in place meanwhile")
        }
        if let told = world.result(of: operation), told != .completed {
            throw world.violation("operation \(operation) was \(told), and then obeyed")
        }
        disk.drafts[next] = nil
        let inUse = RowsFile(made.content, known: file.remembered)
        inUse.common = made.common
        disk.generations[next] = inUse
        world.snapshots[ObjectIdentifier(inUse)] = (file.content.lasting, inUse)
        try? host.reach()
        try? removeKept()
    }

    func takeBack(_ progress: GroupProgress, beforehand: () throws -> Void) throws {
        guard let previous = keptNumber, let kept = disk.generations[previous] else {
            throw world.violation("there is nothing to take back")
        }
        try begin()
        defer { rollback() }
        let earlier = SimulatedStorage(host, kept, generation: previous)
        guard var restored = try earlier.loadProgress() else { throw MachineFault() }
        restored.takeOverOperations(of: progress)
        restored.pauseReason = progress.pauseReason
        restored.retry = nil
        restored.shadow = nil
        try earlier.transact {
            earlier.working?.skipped.merge(content.skipped) { own, _ in own }
            return restored
        }
        try beforehand()
        try host.reach()
        if world.snapshots[ObjectIdentifier(file)]?.before != kept.content.lasting {
            throw world.violation("undoing brings back other rows than those of before")
        }
        disk.generations[generation] = nil
        try host.reach()
    }

    func removeKept() throws {
        for earlier in disk.generations.keys.sorted() where earlier < generation {
            try host.reach()
            disk.generations[earlier] = nil
        }
    }

    func removeDraft() throws {
        try host.reach()
        disk.drafts[generation + 1] = nil
    }
}
