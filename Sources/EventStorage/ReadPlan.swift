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
        let first = selection.after.next.number
        let last = min(selection.through ?? head, head).number
        guard first <= last else {
            self = .nothing
            return
        }
        guard case .stream(let name) = selection.scope else {
            self = .range(first...last)
            return
        }
        let positions = index.positions(of: name)
        let start = max(
            positions.partitioningIndex { $0 >= first },
            Int(clamping: selection.fromSequence.number)
        )
        let end = min(
            positions.partitioningIndex { $0 > last },
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
