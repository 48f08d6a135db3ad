extension Frame {
    /// Fills a rectangle with one character, by default a space.
    ///
    /// - Precondition: The character is one cell wide and visible.
    public mutating func fill(
        _ rectangle: Rectangle,
        with scalar: Unicode.Scalar = " ",
        style: Style
    ) {
        precondition(
            CharacterClass(scalar.value) == .narrow,
            "A filling character must be one cell wide and visible."
        )
        let cell = Cell(scalar: scalar.value, style: style, width: 1)
        forEachRow(of: rectangle) { frame, range in
            frame.breakWide(at: range.lowerBound)
            frame.breakWide(at: range.upperBound - 1)
            frame.cells.withUnsafeMutableBufferPointer { cells in
                for index in range { cells[index] = cell }
            }
        }
    }

    /// Puts everything in a rectangle on a backdrop and keeps the text as it is.
    public mutating func lay(_ rectangle: Rectangle, on backdrop: Style.Backdrop) {
        restyle(rectangle) { $0.on(backdrop) }
    }

    /// Changes the styles in a rectangle and keeps the text as it is.
    public mutating func restyle(_ rectangle: Rectangle, _ change: (Style) -> Style) {
        forEachRow(of: rectangle) { frame, range in
            for index in range {
                frame.cells[index] = frame.cells[index].with(change(frame.cells[index].style))
            }
        }
    }

    /// Draws a horizontal rule.
    public mutating func rule(at point: Point, width: Int, style: Style = .border) {
        fill(
            Rectangle(x: point.x, y: point.y, width: width, height: 1),
            with: Glyph.horizontal.scalar(in: glyphs),
            style: style
        )
    }

    /// Draws a vertical rule.
    public mutating func rule(at point: Point, height: Int, style: Style = .border) {
        fill(
            Rectangle(x: point.x, y: point.y, width: 1, height: height),
            with: Glyph.vertical.scalar(in: glyphs),
            style: style
        )
    }

    /// Draws the frame of a dialog along the border of a rectangle of at least 2x2.
    public mutating func box(_ rectangle: Rectangle, style: Style = .border) {
        guard rectangle.width >= 2, rectangle.height >= 2 else { return }
        let (left, top) = (rectangle.x, rectangle.y)
        let (right, bottom) = (rectangle.maxX - 1, rectangle.maxY - 1)
        for y in [top, bottom] {
            rule(at: Point(x: left, y: y), width: rectangle.width, style: style)
        }
        for x in [left, right] {
            rule(at: Point(x: x, y: top), height: rectangle.height, style: style)
        }
        draw(.cornerUpperLeft, at: Point(x: left, y: top), style: style)
        draw(.cornerUpperRight, at: Point(x: right, y: top), style: style)
        draw(.cornerLowerLeft, at: Point(x: left, y: bottom), style: style)
        draw(.cornerLowerRight, at: Point(x: right, y: bottom), style: style)
    }

    /// Draws a bar that is filled to a fraction between 0 and 1.
    ///
    /// A fraction that is not a number counts as 0; what is not quite full never looks full.
    public mutating func progressBar(
        at point: Point,
        width: Int,
        fraction: Double,
        style: Style,
        emptyStyle: Style = Style(.chartFill)
    ) {
        guard width > 0 else { return }
        let fillings = Glyph.fillings(in: glyphs)
        let steps = fillings.count - 1
        let part = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
        let filled = Int((part * Double(width * steps)).rounded(.down))
        let (whole, rest) = filled.quotientAndRemainder(dividingBy: steps)
        let row = Rectangle(x: point.x, y: point.y, width: width, height: 1)
        fill(row, with: Glyph.barEmpty.scalar(in: glyphs), style: emptyStyle)
        fill(
            Rectangle(x: point.x, y: point.y, width: whole, height: 1),
            with: Glyph.barFull.scalar(in: glyphs),
            style: style
        )
        if rest > 0 {
            let tip = Rectangle(x: point.x + whole, y: point.y, width: 1, height: 1)
            fill(tip, with: fillings[rest], style: style)
        }
    }

    /// Draws the last values that fit as a row of small columns, the newest at the right.
    ///
    /// Columns reach from 0 to `maximum`, by default the largest value shown. A value above 0 is
    /// always visible; one that is not a number leaves a gap.
    public mutating func sparkline(
        _ values: [Double],
        at point: Point,
        width: Int,
        maximum: Double? = nil,
        style: Style = Style(.chartLine1)
    ) {
        let levels = Glyph.levels(in: glyphs)
        let shown = values.suffix(max(0, width))
        let top = maximum ?? shown.filter(\.isFinite).max() ?? 0
        let row = Rectangle(x: point.x, y: point.y, width: width, height: 1)
        fill(row, style: style)
        for (index, value) in shown.enumerated() {
            let x = point.x + max(0, width) - shown.count + index
            let scalar = levels[Frame.level(of: value, below: top, count: levels.count)]
            fill(Rectangle(x: x, y: point.y, width: 1, height: 1), with: scalar, style: style)
        }
    }

    private static func level(of value: Double, below top: Double, count: Int) -> Int {
        guard value > 0, top > 0, !value.isNaN, !top.isNaN else { return 0 }
        let part = min(value / top, 1)
        return part.isNaN ? count - 1 : max(1, Int((part * Double(count - 1)).rounded()))
    }

    /// Calls the body with the cell numbers of each row of the rectangle that lies in the frame.
    private mutating func forEachRow(
        of rectangle: Rectangle,
        _ body: (inout Frame, Range<Int>) -> Void
    ) {
        let part = rectangle.intersection(bounds)
        guard !part.isEmpty else { return }
        for y in part.y..<part.maxY {
            let start = y * size.width + part.x
            body(&self, start..<start + part.width)
        }
    }
}
