/// A part of a frame: whole cells, from its upper left corner.
public struct Rectangle: Hashable, Sendable, CustomStringConvertible {
    /// The upper left cell.
    public let origin: Point
    /// The number of columns and rows.
    public let size: Size

    /// Makes a rectangle from its corner and size.
    public init(origin: Point = .origin, size: Size) {
        self.origin = origin
        self.size = size
    }

    /// Makes a rectangle from its four numbers; negative lengths count as 0.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.init(origin: Point(x: x, y: y), size: Size(width: width, height: height))
    }

    /// The first column.
    public var x: Int { origin.x }
    /// The first row.
    public var y: Int { origin.y }
    /// The number of columns.
    public var width: Int { size.width }
    /// The number of rows.
    public var height: Int { size.height }
    /// The first column to the right of it.
    public var maxX: Int { origin.x + size.width }
    /// The first row below it.
    public var maxY: Int { origin.y + size.height }
    /// Whether it has no cell.
    public var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether a cell lies in it.
    public func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    /// The cells that both rectangles have; empty where they do not meet.
    public func intersection(_ other: Rectangle) -> Rectangle {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rectangle(
            x: left,
            y: top,
            width: min(maxX, other.maxX) - left,
            height: min(maxY, other.maxY) - top
        )
    }

    /// What is left when a margin is taken off every side; never less than nothing.
    public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rectangle {
        Rectangle(
            x: min(x + left, maxX),
            y: min(y + top, maxY),
            width: width - left - right,
            height: height - top - bottom
        )
    }

    /// What is left when the same margin is taken off left and right, and off top and bottom.
    public func inset(horizontal: Int = 0, vertical: Int = 0) -> Rectangle {
        inset(left: horizontal, top: vertical, right: horizontal, bottom: vertical)
    }

    /// One row of it, counted from its own top; empty where it has no such row.
    public func row(_ index: Int) -> Rectangle {
        let exists = index >= 0 && index < height
        return Rectangle(x: x, y: y + index, width: width, height: exists ? 1 : 0)
    }

    /// A rectangle of that size in the middle of this one, cut to fit.
    public func centered(_ wanted: Size) -> Rectangle {
        let width = min(wanted.width, self.width)
        let height = min(wanted.height, self.height)
        return Rectangle(
            x: x + (self.width - width) / 2,
            y: y + (self.height - height) / 2,
            width: width,
            height: height
        )
    }

    /// The size and the corner as text.
    public var description: String { "\(size) at \(origin)" }
}
