import EventModel
public import EventStorage

extension EventLog {
    /// Shows the same events as ``read(_:_:)``, to one of several readers that go through the store
    /// side by side.
    ///
    /// The first of them that comes to a chunk of the log verifies it, and keeps for the others
    /// what it found; see ``SharedEvents`` for how much.
    public func readShared(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        let head = try head()
        guard selection.isOfConsecutiveEvents, let positions = selection.positions(head: head),
            positions.count >= EventLog.sharedCountMin
        else { return try read(selection, visit) }
        let types = TypeFilter(selection.types)
        var first = positions.lowerBound
        while first <= positions.upperBound {
            let chunk = SharedEvents.chunk(of: first)
            let end = SharedEvents.positions(ofChunk: chunk).upperBound
            let part = first...min(end, positions.upperBound)
            let isComplete = end <= head.number
            let control =
                if isComplete, let events = verifiedEvents(ofChunk: chunk) {
                    try events.forEach(part, ofTypes: types, visit)
                } else {
                    try readAlone(part, types: selection.types, visit)
                }
            if control == .stop { return }
            first = part.upperBound + 1
        }
    }

    /// Fewer events than these are read without making a chunk of the log ready for others.
    private static let sharedCountMin = 256

    /// The events of a chunk, which the log holds; nothing where they cannot be read.
    private func verifiedEvents(ofChunk chunk: UInt64) -> VerifiedEvents? {
        shared.events(of: chunk) { () throws(StorageError) in
            let positions = SharedEvents.positions(ofChunk: chunk)
            let files = try withCurrentState { (state) in state.files }
            var cursor = try cursor(at: positions.lowerBound, in: files)
            return try VerifiedEvents(&cursor, through: Position(positions.upperBound), in: files)
        }
    }

    /// Shows events that are not shared: the chunk is not complete, or something in it cannot be
    /// read, which concerns only those who want that.
    private func readAlone(
        _ positions: ClosedRange<UInt64>,
        types: [EventType],
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        let selection = EventSelection(
            after: Position(positions.lowerBound - 1),
            through: Position(positions.upperBound),
            types: types
        )
        var control = ReadControl.more
        try read(selection) { event in
            control = visit(event)
            return control
        }
        return control
    }
}

extension EventSelection {
    /// Whether these are all events from one position to another, or those of some types, in their
    /// order.
    fileprivate var isOfConsecutiveEvents: Bool {
        self == EventSelection(after: after, through: through, types: types)
    }
}
