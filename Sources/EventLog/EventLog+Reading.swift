import EventModel
public import EventStorage
import Synchronization

extension EventLog {
    /// Shows the selected events to `visit`, one by one, until it says stop.
    ///
    /// Takes no lock while `visit` runs; events appended meanwhile are not shown. Every event is
    /// verified before it is shown.
    ///
    /// - Throws: ``StorageError`` where a selected event cannot be read; those before it have been
    ///   shown.
    public func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        let (head, files) = try withCurrentState { (state) in (state.head, state.files) }
        guard let positions = try positions(of: selection, head: head) else { return }
        let filter = EventFilter(selection)
        let visitSelected: (borrowing EventView) -> ReadControl = {
            filter.matches($0) ? visit($0) : .more
        }
        if case .stream(let name) = selection.scope {
            try readStream(name, selection, positions, visitSelected)
        } else if selection.direction == .forwards, !selection.isSelective {
            var cursor = try cursor(at: positions.lowerBound, in: files)
            _ = try cursor.forEach(through: Position(positions.upperBound), visitSelected)
        } else {
            try readBlocks(selection, positions, in: files, visitSelected)
        }
    }

    /// The positions that may be selected, as far as positions and recorded times tell.
    private func positions(
        of selection: EventSelection,
        head: Position
    ) throws(StorageError) -> ClosedRange<UInt64>? {
        guard let range = selection.positions(head: head) else { return nil }
        var (first, last) = (range.lowerBound, range.upperBound)
        if let time = selection.fromRecordedTime {
            let block = try withIndex { (index) throws(IndexDamage) in
                try index.firstBlock(recordedAtOrAfter: time)
            }
            guard let block else { return nil }
            first = max(first, block.firstPosition)
        }
        if let time = selection.throughRecordedTime {
            let after = Timestamp(microseconds: time.microseconds &+ 1)
            let block = try withIndex { (index) throws(IndexDamage) in
                try index.firstBlock(recordedAtOrAfter: after)
            }
            last = min(last, after > time ? block?.lastPosition ?? last : last)
        }
        return first <= last ? first...last : nil
    }

    /// A cursor whose next event is that at a position.
    func cursor(
        at position: UInt64,
        in files: [LogFile]
    ) throws(StorageError) -> EventCursor {
        let block = try withIndex { (index) throws(IndexDamage) in
            try index.block(of: position)
        }
        guard let block else {
            preconditionFailure("The index covers every position up to the head.")
        }
        var cursor = try EventCursor(files, at: block)
        try cursor.skip(to: Position(position))
        return cursor
    }

    // MARK: Streams

    /// Shows events of one stream, found one by one by their addresses.
    private func readStream(
        _ name: StreamName,
        _ selection: EventSelection,
        _ positions: ClosedRange<UInt64>,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        let first = selection.fromSequence.number
        let last = selection.throughSequence?.number ?? .max
        guard first <= last else { return }
        let isForwards = selection.direction == .forwards
        var range: Range<UInt64>?
        while range?.isEmpty != true {
            var addresses: [UInt64] = []
            range = try withIndex { (index) throws(IndexDamage) in
                let all = try index.addresses(
                    of: name.text.utf8.span.bytes,
                    from: first,
                    through: last
                )
                let rest = (range ?? all.sequences).clamped(to: all.sequences)
                let part = rest.part(isForwards: isForwards, count: EventLog.addressCount)
                addresses.removeAll()
                try all.append(part, to: &addresses)
                return isForwards
                    ? part.upperBound..<rest.upperBound : rest.lowerBound..<part.lowerBound
            }
            if !isForwards { addresses.reverse() }
            // Asked for after the addresses, the files hold every one of them.
            var reader = EventReader(try withCurrentState { (state) in state.files })
            for address in addresses {
                let control = try reader.withEvent(at: address) { event -> ReadControl in
                    let position = event.position.number
                    if positions.contains(position) { return visit(event) }
                    let isBehind =
                        isForwards
                        ? position > positions.upperBound : position < positions.lowerBound
                    return isBehind ? .stop : .more
                }
                if control == .stop { return }
            }
        }
    }

    /// How many addresses are looked up at once.
    private static let addressCount: UInt64 = 1024

    // MARK: Blocks

    /// Shows events of the blocks that may hold selected ones.
    private func readBlocks(
        _ selection: EventSelection,
        _ positions: ClosedRange<UInt64>,
        in files: [LogFile],
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        var rest = positions
        var blocks = try withIndex { (index) throws(IndexDamage) in
            try index.blocks(for: selection, in: positions)
        }
        while true {
            let block: IndexBlock?
            do throws(IndexDamage) {
                block = try blocks.next()
            } catch {
                try rebuild(error)
                blocks = try withIndex { (index) throws(IndexDamage) in
                    try index.blocks(for: selection, in: rest)
                }
                continue
            }
            guard let block else { return }
            if try read(block, positions, selection.direction, in: files, visit) == .stop { return }
            guard let next = rest.behind(block, selection.direction) else { return }
            rest = next
        }
    }

    private func read(
        _ block: IndexBlock,
        _ positions: ClosedRange<UInt64>,
        _ direction: EventSelection.Direction,
        in files: [LogFile],
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        let first = max(block.firstPosition, positions.lowerBound)
        let last = min(block.lastPosition, positions.upperBound)
        guard first <= last else { return .more }
        var cursor = try EventCursor(files, at: block)
        try cursor.skip(to: Position(first))
        if direction == .forwards { return try cursor.forEach(through: Position(last), visit) }
        var addresses: [UInt64] = []
        _ = try cursor.forEachPlaced(through: Position(last)) { _, place in
            addresses.append(place.slot)
            return .more
        }
        var reader = EventReader(files)
        for address in addresses.reversed() {
            if try reader.withEvent(at: address, visit) == .stop { return .stop }
        }
        return .more
    }
}

extension EventSelection {
    /// Whether an index of categories, types, tags and times can spare looking at events.
    fileprivate var isSelective: Bool {
        scope != .all || !types.isEmpty || !tags.isEmpty || fromTime != nil || throughTime != nil
    }
}

extension Range<UInt64> {
    /// The first or the last few of the numbers.
    fileprivate func part(isForwards: Bool, count limit: UInt64) -> Range<UInt64> {
        let size = Swift.min(limit, upperBound - lowerBound)
        return isForwards ? lowerBound..<lowerBound + size : upperBound - size..<upperBound
    }
}

extension ClosedRange<UInt64> {
    /// What is left behind a block; nothing where nothing is.
    fileprivate func behind(
        _ block: IndexBlock,
        _ direction: EventSelection.Direction
    ) -> ClosedRange<UInt64>? {
        switch direction {
        case .forwards:
            block.lastPosition < upperBound
                ? Swift.max(lowerBound, block.lastPosition + 1)...upperBound : nil
        case .backwards:
            block.firstPosition > lowerBound
                ? lowerBound...Swift.min(upperBound, block.firstPosition - 1) : nil
        }
    }
}
