import Screen

/// A line that stands for a numbered history.
struct Scrubber {
    fileprivate let start: Point
    fileprivate let width: Int
    fileprivate let last: UInt64

    /// Where a number stands on the line.
    func place(of number: UInt64) -> Point {
        let part = last == 0 ? 1 : Double(min(number, last)) / Double(last)
        return start.moved(x: Int((part * Double(width - 1)).rounded()))
    }
}

extension Frame {
    /// Draws a line from 0 to a last number; nothing where there is no room.
    mutating func drawScrubber(last: UInt64, in row: Rectangle) -> Scrubber? {
        let inner = row.inset(left: 2, right: 2)
        let end = Wording.grouped(last)
        let width = inner.width - end.count - 3
        guard width > 4 else { return nil }
        draw("0", at: inner.origin, style: .muted)
        draw(end, at: inner.origin, style: .muted, width: inner.width, alignment: .right)
        let scrubber = Scrubber(start: inner.origin.moved(x: 2), width: width, last: last)
        rule(at: scrubber.start, width: width)
        return scrubber
    }
}
