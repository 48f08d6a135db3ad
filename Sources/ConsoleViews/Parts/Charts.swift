import ConsoleModel
import Screen

/// At most so many values for a chart: of each span of neighbours the largest, so that no peak is
/// lost.
func resampled(_ values: [UInt64], count: Int) -> [Double] {
    guard values.count > count, count > 0 else { return values.map { Double($0) } }
    return (0..<count).map { place in
        let span = place * values.count / count..<(place + 1) * values.count / count
        return Double(values[span].max() ?? 0)
    }
}

extension Trends {
    /// The events not decided yet over the last two minutes, as a text of small columns.
    func chart(of group: String, width: Int, glyphs: GlyphSet) -> String {
        guard let samples = lags[group], samples.count > 1, width > 0 else { return "" }
        let values = resampled(samples, count: width)
        let top = values.max() ?? 0
        let levels = Glyph.levels(in: glyphs)
        var text = String.UnicodeScalarView()
        for _ in values.count..<max(values.count, width) { text.append(" ") }
        let steps = levels.count - 1
        for value in values {
            let level = top == 0 ? 0 : Int((value / top * Double(steps)).rounded())
            text.append(levels[value == 0 ? 0 : max(1, min(level, steps))])
        }
        return String(text)
    }

    /// The sign of whether a group falls behind.
    func sign(of group: String) -> Glyph {
        switch lagDirection(of: group) {
        case 1: .up
        case -1: .down
        default: .right
        }
    }
}
