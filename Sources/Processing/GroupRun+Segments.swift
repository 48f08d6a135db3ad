import EventModel

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
        let progress = try storage.transact {
            var progress = stored
            guard let index = progress.segments.firstIndex(where: { $0.segment == segment }),
                let (lower, upper) = try halves(progress.segments[index])
            else { preconditionFailure("Only a segment that there is and has halves is split.") }
            progress.segments[index] = lower
            progress.segments.append(upper)
            progress.segments.sort { $0.segment < $1.segment }
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
        _ segment: SegmentProgress
    ) throws -> (lower: SegmentProgress, upper: SegmentProgress)? {
        guard let upper = segment.segment.halves?.upper else { return nil }
        var letterCount: UInt64 = 0
        for (key, count) in try storage.letterCounts()
        where upper.takes(SequenceHash(of: key).bits) {
            letterCount += count
        }
        return segment.halves(letterCount: letterCount)
    }
}
