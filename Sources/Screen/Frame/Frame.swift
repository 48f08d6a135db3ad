/// One screenful of cells: what views draw and terminals show.
///
/// Drawing never fails: what lies outside is cut. Every text that is drawn is sanitized on the
/// way (see ``TerminalText``), so views may pass whatever they were given.
public struct Frame: Sendable {
    /// The number of columns and rows.
    public let size: Size
    /// Which characters the frame's own drawing uses.
    public let glyphs: GlyphSet
    /// Where the terminal's cursor stands; nothing hides it.
    public var cursor: Point?

    var cells: [Cell]
    /// Marks by cluster number, from 1; the entry at 0 stands for no marks.
    var marks: [Cluster.Marks] = [.none]
    private var markNumbers: [Cluster.Marks: UInt16] = [:]

    /// Makes an empty frame.
    public init(size: Size, glyphs: GlyphSet = .full) {
        self.size = size
        self.glyphs = glyphs
        cells = Array(repeating: .blank, count: size.area)
    }

    /// The whole frame.
    public var bounds: Rectangle { Rectangle(size: size) }

    /// The cell at a place in the frame.
    ///
    /// - Precondition: The place lies in the frame.
    public subscript(_ point: Point) -> Cell {
        precondition(bounds.contains(point), "The place must lie in the frame.")
        return cells[point.y * size.width + point.x]
    }

    /// The character of a cell with its marks; nothing in the right half of a wide one.
    ///
    /// - Precondition: The place lies in the frame.
    public func scalars(at point: Point) -> [Unicode.Scalar] {
        scalars(of: self[point])
    }

    /// The marks over the character of a cell, without allocating; 0 where there is none.
    ///
    /// - Precondition: The place lies in the frame.
    public func marks(at point: Point) -> (UInt32, UInt32, UInt32) {
        let cell = self[point]
        if cell.cluster == 0 { return (0, 0, 0) }
        let over = marks[Int(cell.cluster)]
        return (over.first, over.second, over.third)
    }

    /// The characters of a cell of this frame.
    func scalars(of cell: Cell) -> [Unicode.Scalar] {
        let over = marks[Int(cell.cluster)]
        return [cell.scalar, over.first, over.second, over.third]
            .filter { $0 != 0 }.compactMap(Unicode.Scalar.init)
    }

    /// The cells of a row from left to right.
    ///
    /// - Precondition: The frame has that row.
    public func row(_ index: Int) -> ArraySlice<Cell> {
        precondition(index >= 0 && index < size.height, "The frame must have that row.")
        return cells[index * size.width..<(index + 1) * size.width]
    }

    /// The number under which a cell refers to marks; 0 where the frame has no number left.
    mutating func number(of marks: Cluster.Marks) -> UInt16 {
        if marks.first == 0 { return 0 }
        if let known = markNumbers[marks] { return known }
        guard self.marks.count < Int(UInt16.max) else { return 0 }
        let number = UInt16(self.marks.count)
        self.marks.append(marks)
        markNumbers[marks] = number
        return number
    }

    /// Puts one cell, which must fit, and repairs wide characters that it cuts in half.
    mutating func put(_ cell: Cell, at index: Int) {
        breakWide(at: index)
        cells[index] = cell
        if cell.cellWidth == 2 {
            breakWide(at: index + 1)
            cells[index + 1] = Cell(scalar: 0, style: cell.style, width: 0)
        }
    }

    /// Makes both halves blank where a cell belongs to a wide character.
    mutating func breakWide(at index: Int) {
        switch cells[index].cellWidth {
        case 2:
            cells[index + 1] = Cell(scalar: 0x20, style: cells[index + 1].style, width: 1)
            cells[index] = Cell(scalar: 0x20, style: cells[index].style, width: 1)
        case 0:
            cells[index - 1] = Cell(scalar: 0x20, style: cells[index - 1].style, width: 1)
            cells[index] = Cell(scalar: 0x20, style: cells[index].style, width: 1)
        default: break
        }
    }
}
