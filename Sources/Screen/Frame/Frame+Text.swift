extension Frame {
    /// Draws one line of text and returns how many cells it took.
    ///
    /// The text is cut, with an ellipsis in the last cell, where it would leave the frame or
    /// `width`. With a width, alignment other than left moves it inside, and cells that it does
    /// not reach stay as they are. A text that starts left of the frame is not drawn.
    @discardableResult
    public mutating func draw(
        _ text: String,
        at point: Point,
        style: Style = .text,
        width: Int? = nil,
        alignment: TextAlignment = .left
    ) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            draw(bytes.span, at: point, style: style, width: width, alignment: alignment)
        }
    }

    /// Draws one line of bytes as text; what is not UTF-8 is shown as `\xNN`.
    @discardableResult
    public mutating func draw(
        bytes: [UInt8],
        at point: Point,
        style: Style = .text,
        width: Int? = nil,
        alignment: TextAlignment = .left
    ) -> Int {
        draw(bytes.span, at: point, style: style, width: width, alignment: alignment)
    }

    /// Draws one line in several styles and returns how many cells it took.
    @discardableResult
    public mutating func draw(
        _ text: StyledText,
        at point: Point,
        width: Int? = nil,
        alignment: TextAlignment = .left
    ) -> Int {
        let room = room(at: point, width: width)
        guard room > 0 else { return 0 }
        let offset = alignment == .left ? 0 : alignment.spaceBefore(room - text.width)
        var x = offset
        for (index, run) in text.runs.enumerated() where x < room {
            let isLast = index == text.runs.count - 1
            x += draw(run.text, at: point.moved(x: x), style: run.style, width: room - x)
            if x == room, !isLast, text.runs[(index + 1)...].contains(where: { !$0.text.isEmpty }) {
                drawEllipsis(at: point.moved(x: room - 1), style: run.style)
            }
        }
        return x - offset
    }

    /// Draws text broken into lines, as many as fit, and returns how many rows it took.
    ///
    /// The last row ends in an ellipsis where the text goes on.
    @discardableResult
    public mutating func draw(
        wrapping text: String,
        in rectangle: Rectangle,
        style: Style = .text
    ) -> Int {
        let lines = TerminalText.wrapped(text, width: rectangle.width)
        for (row, line) in lines.prefix(rectangle.height).enumerated() {
            let place = rectangle.origin.moved(y: row)
            let used = draw(line, at: place, style: style, width: rectangle.width)
            if row == rectangle.height - 1, lines.count > rectangle.height {
                let x = min(used, rectangle.width - 1)
                drawEllipsis(at: place.moved(x: x), style: style)
            }
        }
        return min(lines.count, rectangle.height)
    }

    /// Draws a glyph of the program itself and returns the cells it took: 1, or 0 outside.
    @discardableResult
    public mutating func draw(_ glyph: Glyph, at point: Point, style: Style = .text) -> Int {
        guard bounds.contains(point) else { return 0 }
        let scalar = glyph.scalar(in: glyphs).value
        put(
            Cell(scalar: scalar, style: style, width: 1),
            at: point.y * size.width + point.x
        )
        return 1
    }

    private mutating func drawEllipsis(at point: Point, style: Style) {
        draw(.ellipsis, at: point, style: style)
    }

    /// The number of cells that a text may take.
    private func room(at point: Point, width: Int?) -> Int {
        guard bounds.contains(point) else { return 0 }
        return max(0, min(width ?? .max, size.width - point.x))
    }

    private mutating func draw(
        _ bytes: Span<UInt8>,
        at point: Point,
        style: Style,
        width: Int?,
        alignment: TextAlignment
    ) -> Int {
        let room = room(at: point, width: width)
        guard room > 0, bytes.count > 0 else { return 0 }
        let start = point.y * size.width + point.x
        if let shown = drawPlain(bytes, at: start, room, style, alignment) { return shown }
        let plan = ClipPlan(bytes, limit: room)
        var index = start + alignment.spaceBefore(room - plan.shownWidth)
        var reader = ClusterReader(bytes)
        for _ in 0..<plan.clusterCount {
            guard let cluster = reader.next() else { break }
            let number = number(of: cluster.marks)
            put(
                Cell(scalar: cluster.base, cluster: number, style: style, width: cluster.width),
                at: index
            )
            index += cluster.width
        }
        if plan.isCut {
            put(
                Cell(scalar: Glyph.ellipsis.scalar(in: glyphs).value, style: style, width: 1),
                at: index
            )
        }
        return plan.shownWidth
    }

    /// Draws what is seen of the text if that is printable ASCII; nothing if it is not.
    private mutating func drawPlain(
        _ bytes: Span<UInt8>,
        at start: Int,
        _ room: Int,
        _ style: Style,
        _ alignment: TextAlignment
    ) -> Int? {
        let count = min(bytes.count, room)
        // A mark after the last character would make the text fit after all.
        if bytes.count > room, bytes[room] >= 0x80 { return nil }
        for index in 0..<count where bytes[index] < 0x20 || bytes[index] >= 0x7F { return nil }
        let first = start + alignment.spaceBefore(room - count)
        breakWide(at: first)
        breakWide(at: first + count - 1)
        cells.withUnsafeMutableBufferPointer { cells in
            for index in 0..<count {
                cells[first + index] = Cell(
                    scalar: UInt32(bytes[index]),
                    style: style,
                    width: 1
                )
            }
        }
        if bytes.count > room {
            let ellipsis = Glyph.ellipsis.scalar(in: glyphs).value
            cells[first + count - 1] = Cell(scalar: ellipsis, style: style, width: 1)
        }
        return count
    }
}
