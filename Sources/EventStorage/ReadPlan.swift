package import EventModel

/// The positions that a selection has to look at, in ascending order.
package enum ReadPlan: Sendable {
    /// All positions of a range.
    case range(ClosedRange<UInt64>)
    /// Single positions.
    case positions(ArraySlice<UInt64>)
    /// None.
    case nothing

    /// Finds the positions for a selection in a store whose last position is `head`.
    package init(_ selection: EventSelection, head: Position, in index: EventIndex) {
        guard let range = selection.positions(head: head) else {
            self = .nothing
            return
        }
        guard case .stream(let name) = selection.scope else {
            self = .range(range)
            return
        }
        let positions = index.positions(of: name)
        let start = max(
            positions.partitioningIndex { $0 >= range.lowerBound },
            Int(clamping: selection.fromSequence.number)
        )
        let end = min(
            positions.partitioningIndex { $0 > range.upperBound },
            Int(clamping: selection.throughSequence?.next.number ?? .max)
        )
        self = start < end ? .positions(positions[start..<end]) : .nothing
    }

    /// Calls `visit` with each position in the direction given, until it returns stop.
    package func forEach(
        _ direction: EventSelection.Direction,
        _ visit: (Position) throws(StorageError) -> ReadControl
    ) throws(StorageError) {
        switch (self, direction) {
        case (.nothing, _): return
        case (.range(let range), .forwards): try walk(range, visit)
        case (.range(let range), .backwards): try walk(range.reversed(), visit)
        case (.positions(let positions), .forwards): try walk(positions, visit)
        case (.positions(let positions), .backwards): try walk(positions.reversed(), visit)
        }
    }

    private func walk(
        _ numbers: some Swift.Sequence<UInt64>,
        _ visit: (Position) throws(StorageError) -> ReadControl
    ) throws(StorageError) {
        for number in numbers {
            if try visit(Position(number)) == .stop { return }
        }
    }
}

extension EventSelection {
    /// The positions that may be selected in a store whose last one is `head`; nothing where there
    /// are none.
    package func positions(head: Position) -> ClosedRange<UInt64>? {
        let first = after.next.number
        let last = min(through ?? head, head).number
        return first <= last ? first...last : nil
    }

    /// Whether an event is of the stream or category asked for.
    package func isOfScope(_ event: borrowing EventView) -> Bool {
        switch scope {
        case .all: true
        case .category(let category): event.isOfCategory(Array(category.text.utf8))
        case .stream(let name): event.stream.equals(Array(name.text.utf8))
        }
    }
}

extension [UInt64] {
    /// The first index whose element satisfies a predicate that holds from some index on.
    package func partitioningIndex(where belongs: (UInt64) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
