import ConsoleModel
import Screen

extension Trends {
    /// The events not decided yet over the last two minutes, as a text of small columns.
    func chart(of group: String, width: Int, glyphs: GlyphSet) -> String {
        guard let samples = lags[group], samples.count > 1, width > 0 else { return "" }
        let count = min(width, samples.count)
        let values = (0..<count).map { samples[$0 * (samples.count - 1) / max(1, count - 1)] }
        let top = values.max() ?? 0
        let levels = Glyph.levels(in: glyphs)
        var text = String.UnicodeScalarView()
        for _ in count..<max(count, width) { text.append(" ") }
        for value in values {
            let steps = UInt64(levels.count - 1)
            let level = top == 0 || value == 0 ? 0 : max(1, scaled(value, of: top, to: steps))
            text.append(levels[Int(min(level, steps))])
        }
        return String(text)
    }

    private func scaled(_ value: UInt64, of top: UInt64, to steps: UInt64) -> UInt64 {
        UInt64((Double(value) / Double(top) * Double(steps)).rounded())
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
