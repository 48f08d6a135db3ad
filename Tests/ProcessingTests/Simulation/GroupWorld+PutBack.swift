import EventModel
import EventStorage
@testable import Processing
import RecountTesting

/// How the log of a history is put back from a backup, and what becomes of its group then.
extension GroupWorld {
    /// Ends all processes, and has the log be what it was at a position.
    ///
    /// - Parameters:
    ///   - end: the last position that the backup holds.
    ///   - isPromoted: whether the store counts the restore.
    /// - Throws: what the log has against it.
    func putBack(to end: Position, isPromoted: Bool) throws {
        trace("put back to \(end) of \(log.head())")
        for host in hosts {
            host.kill()
            if !host.isBusy { bury(host) }
        }
        // Whatever comes now is appended later than what is lost, also where the clock is set back.
        let lost = try log.event(at: log.head())?.recordedTime ?? .epoch
        let restored = InMemoryEventStore(
            identity: StoreIdentity(
                id: log.identity.id,
                incarnation: log.identity.incarnation + (isPromoted ? 1 : 0),
                name: log.identity.name
            ),
            now: { [unowned self] in
                restoredTime ?? max(clock.now(), lost.advanced(bySeconds: 1))
            }
        )
        defer { restoredTime = nil }
        for event in try log.events(EventSelection(through: end)) {
            restoredTime = event.recordedTime
            let request =
                event.stream.text.hasPrefix("$")
                ? AppendRequest(ofSystem: [event.pending], to: event.stream)
                : AppendRequest([event.pending], to: event.stream)
            _ = try restored.append(request)
        }
        try replaceLog(by: restored)
        for file in Array(disk.generations.values) + Array(disk.drafts.values) {
            file.loseHistory(after: end)
        }
    }

    /// Notes where a run that goes on with rows does not say whether they are of another history.
    func judge(_ run: GroupRun, on file: RowsFile) {
        let isAhead = file.common != nil
        guard run.status.isAheadOfHistory != isAhead else { return }
        violation(
            "a group is ahead of history: \(isAhead), and says \(run.status.isAheadOfHistory): "
                + "\(String(describing: file.content.progress))"
        )
    }

    /// What is wrong with a change of rows that are of another history than the log's.
    func lostHistoryComplaint(_ earlier: RowsContent, _ committed: RowsContent) -> String? {
        guard earlier.rows == committed.rows, earlier.decided == committed.decided,
            committed.letters.keys.allSatisfy({ earlier.letters[$0] != nil })
        else { return "events are handled on top of another history" }
        let (before, after) = (earlier.progress, committed.progress)
        return before?.furthestPosition == after?.furthestPosition
            ? nil : "a group ahead of history goes on"
    }
}

extension RowsFile {
    /// Notes that the log does not hold any more what it held after a position.
    fileprivate func loseHistory(after end: Position) {
        guard content.reachedPosition > end else { return }
        common = min(common ?? end, end)
    }
}

extension RowsContent {
    /// The last position ever decided with these rows, or before a reset.
    fileprivate var reachedPosition: Position {
        (progress?.segments ?? []).reduce(.start) { reached, segment in
            let replay = segment.token.replay.flatMap { $0.isShadow ? nil : $0.resetPosition }
            return max(reached, segment.token.position, replay ?? .start)
        }
    }

    /// The last event known to be decided up to a position.
    func lastMark(through end: Position) -> Position {
        let all = Array(marks.values) + segments.values.compactMap(\.progress.mark)
        return all.map(\.position).filter { $0 <= end }.max() ?? .start
    }
}
