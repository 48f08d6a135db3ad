/// The place of one cell: column and row, both from 0, from the upper left.
public struct Point: Hashable, Sendable, CustomStringConvertible {
    /// The column.
    public var x: Int
    /// The row.
    public var y: Int

    /// The upper left cell.
    public static let origin = Point(x: 0, y: 0)

    /// Makes a place; it may lie outside of every frame.
    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }

    /// The place that many columns to the right and rows down.
    public func moved(x: Int = 0, y: Int = 0) -> Point {
        Point(x: self.x + x, y: self.y + y)
    }

    /// The place as text.
    public var description: String { "(\(x), \(y))" }
}
