import EventModel
import SQLiteDatabase

/// What the last events of a scratch copy changed, within a bound of memory.
struct ScratchHistory {
    /// Where a scratch copy stands.
    struct Place: Hashable {
        /// The last position decided.
        var position = Position.start
        /// How many events were handled since the beginning.
        var handledCount: UInt64 = 0
        /// The position of the last of them.
        var lastHandled = Position.start
    }

    /// An event that was handled or changed rows.
    struct Entry {
        let position: Position
        let before: Place
        let changes: SQLiteChanges
    }

    private let sizeMax: Int
    /// The position after which every change is known.
    private(set) var start = Position.start
    private(set) var entries: [Entry] = []
    private var size = 0

    init(sizeMax: Int) {
        self.sizeMax = sizeMax
    }

    /// Adds what came last; forgets the oldest quarter where that is too much.
    mutating func append(_ entry: Entry) {
        entries.append(entry)
        size += entry.size
        while size > sizeMax, let last = entries.prefix(entries.count / 4 + 1).last {
            start = last.position
            let index = entries.firstIndex { $0.position > last.position } ?? entries.endIndex
            size -= entries[..<index].reduce(0) { $0 + $1.size }
            entries.removeSubrange(..<index)
        }
    }

    /// Takes away the last entries, without which the tables are as at a position.
    mutating func removeLast(_ count: Int, reaching position: Position) {
        size -= entries.suffix(count).reduce(0) { $0 + $1.size }
        entries.removeLast(count)
        start = min(start, position)
    }

    /// Forgets everything up to a position.
    mutating func restart(after position: Position) {
        self = ScratchHistory(sizeMax: sizeMax)
        start = position
    }
}

extension ScratchHistory.Entry {
    fileprivate var size: Int { MemoryLayout<Self>.stride + changes.size }
}

extension Collection<ScratchHistory.Entry> {
    /// All changes of the entries, in order.
    var changes: SQLiteChanges {
        reduce(into: SQLiteChanges()) { $0.append($1.changes) }
    }
}
