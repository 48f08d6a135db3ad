/// How much of a length one part gets when a rectangle is split.
public enum Share: Hashable, Sendable {
    /// That many cells, as long as there are any left.
    case fixed(Int)
    /// That fraction of the whole length, rounded down; 0.5 is half.
    case proportion(Double)
    /// An equal share of what the others leave.
    case remaining

    /// Divides a length among shares, in order.
    ///
    /// Fixed parts and proportions are served first, from the first on; the remaining parts
    /// divide the rest, the earlier ones getting the odd cells. The result has one length per
    /// share, and never sums to more than `length`.
    public static func divide(_ length: Int, among shares: [Share], gap: Int = 0) -> [Int] {
        let usable = max(0, length - gap * max(0, shares.count - 1))
        var left = usable
        var lengths = shares.map { share -> Int in
            let wanted: Int
            switch share {
            case .fixed(let cells): wanted = max(0, cells)
            case .proportion(let part):
                wanted =
                    part.isFinite ? Int((min(max(part, 0), 1) * Double(usable)).rounded(.down)) : 0
            case .remaining: return 0
            }
            let given = min(wanted, left)
            left -= given
            return given
        }
        let takers = shares.indices.filter { shares[$0] == .remaining }
        for (order, index) in takers.enumerated() {
            lengths[index] = left / takers.count + (order < left % takers.count ? 1 : 0)
        }
        return lengths
    }
}

extension Rectangle {
    /// Splits it from top to bottom; one rectangle per share, some of them perhaps empty.
    public func rows(_ shares: Share..., gap: Int = 0) -> [Rectangle] {
        var top = y
        return Share.divide(height, among: shares, gap: gap).map { length in
            defer { top += length + gap }
            return Rectangle(x: x, y: min(top, maxY), width: width, height: length)
        }
    }

    /// Splits it from left to right; one rectangle per share, some of them perhaps empty.
    public func columns(_ shares: Share..., gap: Int = 0) -> [Rectangle] {
        var left = x
        return Share.divide(width, among: shares, gap: gap).map { length in
            defer { left += length + gap }
            return Rectangle(x: min(left, maxX), y: y, width: length, height: height)
        }
    }
}
