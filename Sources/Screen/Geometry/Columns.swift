/// Where text stands in a wider place.
public enum TextAlignment: Hashable, Sendable {
    /// At the left border.
    case left
    /// In the middle; an odd cell goes to the right.
    case center
    /// At the right border.
    case right
}

/// One column of a table before its place is known.
public struct Column: Hashable, Sendable {
    /// How wide a column may become.
    public enum Width: Hashable, Sendable {
        /// Exactly that many cells.
        case fixed(Int)
        /// At least `minimum` cells; grows with the others by weight, up to `maximum` if given.
        case flexible(minimum: Int, maximum: Int? = nil, weight: Int = 1)
    }

    /// How wide it may become.
    public let width: Width
    /// Where its text stands; numbers go to the right.
    public let alignment: TextAlignment
    /// What goes first when there is no room: the column with the largest number; 0 never goes.
    public let dropOrder: Int

    /// Makes a column that is dropped in the order given when the table is too wide.
    public init(_ width: Width, alignment: TextAlignment = .left, dropOrder: Int = 0) {
        self.width = width
        self.alignment = alignment
        self.dropOrder = dropOrder
    }

    /// A column of a fixed width.
    public static func fixed(
        _ width: Int,
        _ alignment: TextAlignment = .left,
        dropOrder: Int = 0
    ) -> Column {
        Column(.fixed(width), alignment: alignment, dropOrder: dropOrder)
    }

    /// A column that grows with the table.
    public static func flexible(
        minimum: Int,
        maximum: Int? = nil,
        weight: Int = 1,
        _ alignment: TextAlignment = .left,
        dropOrder: Int = 0
    ) -> Column {
        Column(
            .flexible(minimum: minimum, maximum: maximum, weight: weight),
            alignment: alignment,
            dropOrder: dropOrder
        )
    }

    var minimum: Int {
        switch width {
        case .fixed(let cells): max(0, cells)
        case .flexible(let minimum, _, _): max(0, minimum)
        }
    }
}

/// The places of a table's columns in a row of a given width.
public struct Columns: Hashable, Sendable {
    /// The place of one visible column.
    public struct Place: Hashable, Sendable {
        /// Which of the columns given this is.
        public let index: Int
        /// The first cell, counted from the left border of the table.
        public let x: Int
        /// The number of cells.
        public let width: Int
        /// Where text stands in it.
        public let alignment: TextAlignment
    }

    /// The visible columns from left to right.
    public let places: [Place]

    /// Lays columns out with a gap between neighbours.
    ///
    /// Columns that may go are dropped until the minimum widths fit; if they still do not, the
    /// last ones are cut. What is left over is shared among the flexible columns by weight.
    public init(_ columns: [Column], width: Int, gap: Int = 1) {
        var visible = Array(columns.indices)
        func needed() -> Int {
            visible.reduce(0) { $0 + columns[$1].minimum } + gap * max(0, visible.count - 1)
        }
        while needed() > width,
            let last = visible.filter({ columns[$0].dropOrder > 0 })
                .max(by: { (columns[$0].dropOrder, $0) < (columns[$1].dropOrder, $1) })
        {
            visible.removeAll { $0 == last }
        }
        var widths = visible.map { columns[$0].minimum }
        Columns.grow(&widths, visible.map { columns[$0].width }, by: width - needed())
        var x = 0
        places = zip(visible, widths).compactMap { index, wanted in
            let cells = min(wanted, max(0, width - x))
            defer { x += wanted + gap }
            guard cells > 0 else { return nil }
            return Place(index: index, x: x, width: cells, alignment: columns[index].alignment)
        }
    }

    /// The place of a column, or nothing where it was dropped.
    public func place(of index: Int) -> Place? {
        places.first { $0.index == index }
    }

    /// Hands spare cells out, in rounds, since a column that reaches its maximum gives way.
    private static func grow(_ widths: inout [Int], _ limits: [Column.Width], by spare: Int) {
        var spare = spare
        while spare > 0 {
            let open = limits.indices.filter { index in
                guard case .flexible(_, let maximum, let weight) = limits[index] else {
                    return false
                }
                return weight > 0 && widths[index] < maximum ?? .max
            }
            let total = open.reduce(0) { $0 + limits[$1].weight }
            guard total > 0 else { return }
            let round = spare
            for index in open where spare > 0 {
                guard case .flexible(_, let maximum, let weight) = limits[index] else { continue }
                let room = (maximum ?? .max) - widths[index]
                let given = min(max(1, round * weight / total), room, spare)
                widths[index] += given
                spare -= given
            }
        }
    }
}

extension Column.Width {
    fileprivate var weight: Int {
        if case .flexible(_, _, let weight) = self { weight } else { 0 }
    }
}
