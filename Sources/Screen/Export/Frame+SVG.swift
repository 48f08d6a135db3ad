extension Frame {
    /// The frame as a picture: a window with rounded corners, in the colours of a theme.
    ///
    /// The same frame, theme and title give the same bytes. Blocks, shades and rules are drawn as
    /// shapes, so they join without gaps in every font.
    public func svg(theme: Theme, title: String = "") -> String {
        SVGWriter(frame: self, theme: theme, title: title).document()
    }
}

/// Writes one frame as SVG; all lengths are in tenths of a pixel, so that no rounding differs.
private struct SVGWriter {
    let frame: Frame
    let theme: Theme
    let title: String

    private let cellWidth = 84
    private let cellHeight = 180
    private let baseline = 134
    private let margin = 180
    private let titleHeight = 320

    private var width: Int { frame.size.width * cellWidth + 2 * margin }
    private var height: Int { frame.size.height * cellHeight + 2 * margin + titleHeight - 60 }
    private func x(_ column: Int) -> Int { margin + column * cellWidth }
    private func y(_ row: Int) -> Int { margin + titleHeight - 60 + row * cellHeight }

    func document() -> String {
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(px(width))" height="\#(px(height))" "#
                + #"viewBox="0 0 \#(px(width)) \#(px(height))" font-family="\#(fonts)" font-size="14">"#
        ]
        if !title.isEmpty {
            lines.append("<title>\(escaped(TerminalText.sanitized(title)))</title>")
        }
        lines += window()
        for row in 0..<frame.size.height { lines += backgrounds(row) }
        if let cursor = frame.cursor, frame.bounds.contains(cursor) {
            lines.append(
                rectangle(
                    x(cursor.x),
                    y(cursor.y),
                    cellWidth,
                    cellHeight,
                    theme.foreground,
                    opacity: "0.5"
                )
            )
        }
        for row in 0..<frame.size.height { lines += texts(row) }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private let fonts =
        "ui-monospace,'JetBrains Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"

    /// The window with three lights and its title.
    private func window() -> [String] {
        let edge = theme.palette[3]
        let shape =
            #"<rect x="0.5" y="0.5" width="\#(px(width - 10))" height="\#(px(height - 10))" rx="10" "#
            + #"fill="\#(theme.background)" stroke="\#(edge)"/>"#
        let lights = [theme.palette[8], theme.palette[0xA], theme.palette[0xB]].enumerated().map {
            #"<circle cx="\#(20 + $0 * 20)" cy="20" r="6" fill="\#($1)"/>"#
        }
        guard !title.isEmpty else { return [shape] + lights }
        let color = theme.colors(of: .textMuted).foreground
        let text =
            #"<text x="\#(px(width / 2))" y="25" text-anchor="middle" fill="\#(color)">"#
            + escaped(TerminalText.sanitized(title)) + "</text>"
        return [shape] + lights + [text]
    }

    private func look(_ style: Style) -> (foreground: Color, background: Color?, StyleAttributes) {
        let look = theme.appearance(of: style, depth: .direct)
        var foreground = theme.foreground
        var background: Color?
        if case .direct(let color) = look.foreground { foreground = color }
        if case .direct(let color) = look.background { background = color }
        if look.attributes.contains(.reverse) {
            (foreground, background) = (background ?? theme.background, foreground)
        }
        return (foreground, background, look.attributes)
    }

    private func backgrounds(_ row: Int) -> [String] {
        frame.runs(ofRow: row) { look($0).background }.compactMap { columns, style in
            guard let color = look(style).background, color != theme.background else { return nil }
            return rectangle(
                x(columns.lowerBound),
                y(row),
                columns.count * cellWidth,
                cellHeight,
                color
            )
        }
    }

    private func texts(_ row: Int) -> [String] {
        frame.runs(ofRow: row) { $0 }.flatMap { columns, style -> [String] in
            let (color, _, attributes) = look(style)
            var pieces: [String] = []
            var word = ""
            var start = columns.lowerBound
            var end = start
            func flush() {
                if !word.isEmpty { pieces.append(text(word, row, start, end, color, attributes)) }
                word = ""
            }
            for column in columns {
                let cell = frame[Point(x: column, y: row)]
                if cell.width == 0 { continue }
                if let shape = shape(cell.scalar, column, row, color) {
                    flush()
                    pieces.append(shape)
                    continue
                }
                let isGap = cell.scalar == 0x20 && !attributes.contains(.underline)
                if isGap || cell.width == 2 || cell.scalar >= 0x80 { flush() }
                if isGap { continue }
                if word.isEmpty { start = column }
                for scalar in frame.scalars(of: cell) { word.unicodeScalars.append(scalar) }
                end = column + cell.width
                if cell.width == 2 || cell.scalar >= 0x80 { flush() }
            }
            flush()
            return pieces
        }
    }

    private func text(
        _ word: String,
        _ row: Int,
        _ start: Int,
        _ end: Int,
        _ color: Color,
        _ attributes: StyleAttributes
    ) -> String {
        var extras = ""
        if attributes.contains(.bold) { extras += #" font-weight="bold""# }
        if attributes.contains(.italic) { extras += #" font-style="italic""# }
        if attributes.contains(.underline) { extras += #" text-decoration="underline""# }
        if attributes.contains(.dim) { extras += #" opacity="0.6""# }
        return #"<text x="\#(px(x(start)))" y="\#(px(y(row) + baseline))" fill="\#(color)""#
            + #" textLength="\#(px((end - start) * cellWidth))" lengthAdjust="spacingAndGlyphs""#
            + #" xml:space="preserve"\#(extras)>\#(escaped(word))</text>"#
    }

    /// Characters that are areas rather than letters.
    private func shape(_ scalar: UInt32, _ column: Int, _ row: Int, _ color: Color) -> String? {
        let (left, top) = (x(column), y(row))
        let thickness = 12
        switch scalar {
        case 0x2500:
            return rectangle(left, top + (cellHeight - thickness) / 2, cellWidth, thickness, color)
        case 0x2502:
            return rectangle(left + (cellWidth - thickness) / 2, top, thickness, cellHeight, color)
        case 0x2581...0x2588:
            let height = cellHeight * Int(scalar - 0x2580) / 8
            return rectangle(left, top + cellHeight - height, cellWidth, height, color)
        case 0x2589...0x258F:
            return rectangle(left, top, cellWidth * Int(0x2590 - scalar) / 8, cellHeight, color)
        case 0x2591...0x2593:
            let opacity = ["0.25", "0.5", "0.75"][Int(scalar - 0x2591)]
            return rectangle(left, top, cellWidth, cellHeight, color, opacity: opacity)
        default: return nil
        }
    }

    private func rectangle(
        _ x: Int,
        _ y: Int,
        _ width: Int,
        _ height: Int,
        _ color: Color,
        opacity: String? = nil
    ) -> String {
        let extra = opacity.map { #" fill-opacity="\#($0)""# } ?? ""
        return #"<rect x="\#(px(x))" y="\#(px(y))" width="\#(px(width))" height="\#(px(height))""#
            + #" fill="\#(color)"\#(extra)/>"#
    }

    private func px(_ tenths: Int) -> String {
        tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
