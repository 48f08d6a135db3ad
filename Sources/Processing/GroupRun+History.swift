import EventModel
import EventStorage

/// How a group finds out that the log is not the one it has handled.
extension GroupRun {
    /// Where what the claimed segments have decided is not what the log holds; nothing where it is.
    func historyBreak() throws -> HistoryBreak? {
        let head = try store.head()
        var last: HistoryMark?
        for segment in processor.progress.segments where processor.isClaimed(segment.segment) {
            guard let mark = segment.mark, try !holds(mark) else { continue }
            if mark.position > last?.position ?? .start { last = mark }
        }
        guard let last else { return nil }
        return HistoryBreak(
            position: last.position,
            head: head,
            ancestor: try ancestor(of: last, head: head)
        )
    }

    /// The last position up to which the log is known to be what the group has decided.
    private func ancestor(of mark: HistoryMark, head: Position) throws -> Position {
        // A log that only lost its end is the same up to there.
        if mark.position > head, mark.incarnation == store.identity.incarnation { return head }
        var ancestor = Position.start
        for earlier in try storage.marks() where try earlier.position > ancestor && holds(earlier) {
            ancestor = earlier.position
        }
        return ancestor
    }

    private func holds(_ mark: HistoryMark) throws -> Bool {
        try store.event(at: mark.position)?.id == mark.event
    }
}
