import EventModel
import EventStorage

/// The definition of a group says anew which events are a sequence, so that its segments would miss
/// some and handle others twice.
private struct SequencingChanged: Error, CustomStringConvertible {
    let description =
        "which events are a sequence was defined anew while the segments of the group are at "
        + "different places, or run by several processes: let them catch up in one process with "
        + "the former definition, or delete the group's database"
}

/// How a group changes the number of its segments.
extension GroupRun {
    /// Splits a segment into halves, and answers the operation.
    func split(_ segment: Segment, _ stored: GroupProgress, of operation: EventID) throws {
        var progress = stored
        guard let index = progress.segments.firstIndex(where: { $0.segment == segment }),
            let (lower, upper) = try halves(progress.segments[index])
        else { preconditionFailure("Only a segment that there is and has halves is split.") }
        progress.segments[index] = lower
        progress.segments.append(upper)
        progress.segments.sort { $0.segment < $1.segment }
        try storage.transact {
            let (before, after) = (stored.segments.count, progress.segments.count)
            try tell(
                OperationOutcome(
                    of: operation,
                    .completed,
                    "split segment \(segment) into \(lower.segment) and \(upper.segment)",
                    before: before == 1 ? "1 segment" : "\(before) segments",
                    after: "\(after) segments"
                )
            )
            return progress
        }
        processor.progress = progress
    }

    /// Sees to it that events of one sequence stay in one segment where the definition says anew
    /// which events are a sequence: all segments go on from the same place then.
    func noteSequencing() throws {
        let progress = processor.progress
        let sequencing = storage.sequencing
        guard progress.sequencing != sequencing else { return }
        let isFree = processor.hasAllSegments && progress.isLevel
        guard isFree || progress.sequencing == nil || progress.segments.count == 1 else {
            throw SequencingChanged()
        }
        processor.progress.sequencing = sequencing
    }

    private func halves(
        _ progress: SegmentProgress
    ) throws -> (lower: SegmentProgress, upper: SegmentProgress)? {
        guard let upper = progress.segment.halves?.upper else { return nil }
        let selection = EventSelection(
            after: processor.progress.accountedFrom,
            through: progress.token.decidedPosition
        )
        var letterCount: UInt64 = 0
        for (key, count) in try storage.letterCounts()
        where upper.takes(SequenceHash(of: key).bits) {
            letterCount += count
        }
        return progress.halves(
            count: try upper.eventCount(among: selection, in: store, by: storage.sequencing),
            letterCount: letterCount
        )
    }
}

extension Segment {
    /// How many of the selected events are of sequences that it takes; reads all of them.
    func eventCount(
        among selection: EventSelection,
        in store: any EventStore,
        by sequencing: SequencingPolicy
    ) throws -> UInt64 {
        var count: UInt64 = 0
        try store.readShared(selection) { event in
            if takes(sequencing.hash(of: event)) { count += 1 }
            return .more
        }
        return count
    }
}
