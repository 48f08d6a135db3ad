import EventModel
import EventStorage

/// How a group finds out that the log is not the one it has handled.
extension GroupRun {
    /// Where what the group has decided is not what the log holds; nothing where it is.
    ///
    /// All segments count, of whichever process: their rows are one read model.
    func historyBreak() throws -> HistoryBreak? {
        let (head, progress) = (try store.head(), processor.progress)
        let furthest = progress.furthestPosition
        var position = furthest > head ? furthest : .start
        for mark in Set(progress.segments.compactMap(\.mark)) where try !holds(mark) {
            position = max(position, mark.position)
        }
        guard position > .start else { return nil }
        return HistoryBreak(position: position, head: head, ancestor: try ancestor())
    }

    /// The last event up to which the log is known to be what the group has decided.
    ///
    /// Marks behind one that the log does not hold may be of events that were handled since.
    private func ancestor() throws -> HistoryMark? {
        let marks = try storage.marks() + processor.progress.segments.compactMap(\.mark)
        var ancestor: HistoryMark?
        for mark in marks.sorted(by: { $0.position < $1.position }) {
            guard try holds(mark) else { break }
            ancestor = mark
        }
        return ancestor
    }

    private func holds(_ mark: HistoryMark) throws -> Bool {
        guard let event = try store.event(at: mark.position), event.id == mark.event else {
            return false
        }
        return mark.recordedTime == nil || mark.recordedTime == event.recordedTime
    }
}
