extension Frame: Equatable {
    /// Whether two frames show the same, cursor included.
    public static func == (left: Frame, right: Frame) -> Bool {
        left.size == right.size && left.cursor == right.cursor
            && (0..<left.size.height).allSatisfy { left.hasSameRow($0, as: right) }
    }

    /// The rows that differ from those of another frame; all of them if the sizes differ.
    public func changedRows(since previous: Frame) -> [Int] {
        guard size == previous.size else { return Array(0..<size.height) }
        return (0..<size.height).filter { !hasSameRow($0, as: previous) }
    }

    private func hasSameRow(_ index: Int, as other: Frame) -> Bool {
        let width = size.width
        return cells.withUnsafeBufferPointer { mine in
            other.cells.withUnsafeBufferPointer { theirs in
                for place in index * width..<(index + 1) * width {
                    let (cell, against) = (mine[place], theirs[place])
                    guard cell.scalar == against.scalar, cell.style == against.style,
                        cell.cellWidth == against.cellWidth,
                        cell.cluster | against.cluster == 0
                            || marks[Int(cell.cluster)] == other.marks[Int(against.cluster)]
                    else { return false }
                }
                return true
            }
        }
    }
}
