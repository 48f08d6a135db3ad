import EventModel
import EventStorage
@testable import Processing

/// What must be true of the rows and the progress of a group, whenever something is stored.
extension GroupWorld {
    /// Notes what is wrong with what a storage is about to store.
    func judge(_ storage: SimulatedStorage, _ committed: RowsContent) throws {
        let earlier = storage.file.content
        let complaint =
            claimComplaint(storage, earlier, committed) ?? pauseComplaint(earlier, committed)
            ?? (storage.file.common == nil
                ? complaint(about: committed) : lostHistoryComplaint(earlier, committed))
        if let complaint { throw violation("generation \(storage.generation): \(complaint)") }
    }

    /// Whoever stores for a segment has the claim on it that was written down last.
    private func claimComplaint(
        _ storage: SimulatedStorage,
        _ earlier: RowsContent,
        _ committed: RowsContent
    ) -> String? {
        if storage.file !== disk.inUse?.file { return nil }
        for (id, row) in committed.segments where earlier.segments[id] != row {
            guard let before = earlier.segments[id] else { continue }
            if storage.claims[before.progress.segment] != before.claim {
                return "segment \(before.progress.segment) is stored without the claim on it"
            }
        }
        return nil
    }

    /// Rows and places of a paused group stay as they are.
    private func pauseComplaint(_ earlier: RowsContent, _ committed: RowsContent) -> String? {
        guard earlier.shared?.pauseReason != nil, committed.shared?.pauseReason != nil else {
            return nil
        }
        return earlier.rows == committed.rows ? nil : "rows of a paused group are changed"
    }

    /// What is wrong with rows and progress; nothing where all is well.
    private func complaint(about content: RowsContent) -> String? {
        guard let progress = content.progress else { return nil }
        guard Segment.covers(progress.segments.map(\.segment)) else {
            return "the segments do not take every sequence once"
        }
        return accountingComplaint(content, progress) ?? rowsComplaint(content, progress)
            ?? orderComplaint(content)
    }

    private func accountingComplaint(
        _ content: RowsContent,
        _ progress: GroupProgress
    ) -> String? {
        guard isAccountedFor(progress) else { return "the numbers do not add up: \(progress)" }
        var letterCounts: [Int: UInt64] = [:]
        for letter in content.letters.values {
            letterCounts[progress.index(ofSequence: letter.sequenceKey), default: 0] += 1
        }
        for (index, segment) in progress.segments.enumerated()
        where segment.accounting.deadLettered != letterCounts[index, default: 0] {
            return "segment \(segment.segment) counts \(segment.accounting.deadLettered) letters, "
                + "and has \(letterCounts[index, default: 0])"
        }
        guard !plan.isIdempotent else { return nil }
        let handled = progress.accounting.handled
        return handled == UInt64(content.rows.count)
            ? nil : "\(handled) events count as handled of \(content.rows.count)"
    }

    /// Whether the numbers add up, and every event is in those of its segment.
    private func isAccountedFor(_ progress: GroupProgress) -> Bool {
        progress.isAccountedFor
            && progress.segments.allSatisfy { segment in
                let range = progress.accountedFrom.number..<segment.token.decidedPosition.number
                let events = facts[Int(range.lowerBound)..<Int(range.upperBound)]
                let count = events.count { segment.segment.takes($0.hash) }
                return segment.accounting.total == UInt64(count)
            }
    }

    /// Every event up to the token of its segment is in the rows once, or put aside, or skipped;
    /// every other is not.
    private func rowsComplaint(_ content: RowsContent, _ progress: GroupProgress) -> String? {
        var counts = Array(repeating: 0, count: facts.count + 1)
        for row in content.rows {
            guard row.position <= log.head() else { return "\(row.position) is not in the log" }
            counts[Int(row.position.number)] += 1
        }
        for fact in facts where fact.isHandled {
            guard let segment = progress.segments.first(where: { $0.segment.takes(fact.hash) })
            else { return "nothing takes position \(fact.position)" }
            let isLetter = content.letters[fact.position] != nil
            let count = counts[Int(fact.position.number)] + (isLetter ? 1 : 0)
            guard fact.position <= segment.token.decidedPosition else {
                if count == 0 { continue }
                return "position \(fact.position) is decided, its segment's token before it"
            }
            let isSkipped = content.skipped[fact.position].map { !lostSkips.contains($0) } ?? false
            let isGivenUp = isSkipped || content.discarded.contains(fact.position)
            if count == 0, !isGivenUp { return "position \(fact.position) is missing" }
            if count > 1, !plan.isIdempotent { return "position \(fact.position) is there twice" }
        }
        return nil
    }

    /// A pass over the events of a sequence, of which idempotent projections can have several.
    private struct Pass: Hashable {
        var key: String
        var generation = 0
        var isReplay = false
    }

    /// The events of a sequence are handled in their order.
    private func orderComplaint(_ content: RowsContent) -> String? {
        var last: [Pass: Position] = [:]
        for row in content.rows {
            if plan.isIdempotent, row.wasLetter { continue }
            var pass = Pass(key: facts[Int(row.position.number) - 1].key)
            if plan.isIdempotent {
                pass.generation = row.generation
                pass.isReplay = row.isReplay
            }
            if let earlier = last[pass], earlier >= row.position {
                return "position \(row.position) is handled after \(earlier) of its sequence"
            }
            last[pass] = row.position
        }
        return nil
    }
}
