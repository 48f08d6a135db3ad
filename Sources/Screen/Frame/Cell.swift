/// One cell of a frame: 12 bytes without a pointer.
public struct Cell: Hashable, Sendable {
    /// The character, or 0 in the right half of a wide one.
    public let scalar: UInt32
    /// Which marks of the frame lie over the character; 0 for none.
    let cluster: UInt16
    /// How it looks.
    public let style: Style
    /// 1, 2 for a wide character, 0 for the right half of one.
    let cellWidth: Int32

    init(scalar: UInt32, cluster: UInt16 = 0, style: Style, width: Int) {
        self.scalar = scalar
        self.cluster = cluster
        self.style = style
        cellWidth = Int32(truncatingIfNeeded: width)
    }

    /// The number of cells the character takes: 1, 2, or 0 for the right half of a wide one.
    public var width: Int { Int(cellWidth) }

    static let blank = Cell(scalar: 0x20, style: Style(.surface), width: 1)

    func with(_ style: Style) -> Cell {
        Cell(scalar: scalar, cluster: cluster, style: style, width: width)
    }
}
