extension Frame {
    /// Draws one row of a table: one text per column that was given to the layout.
    ///
    /// Each text is cut or aligned in its column; what belongs to a dropped column is left out.
    public mutating func draw(_ values: [StyledText], in columns: Columns, at point: Point) {
        for place in columns.places where place.index < values.count {
            draw(
                values[place.index],
                at: point.moved(x: place.x),
                width: place.width,
                alignment: place.alignment
            )
        }
    }
}

extension Columns {
    /// One row of a table as text for a terminal, sanitized, without spaces at the end.
    public func line(_ values: [String], glyphs: GlyphSet = .full) -> String {
        var line = ""
        var x = 0
        for place in places where place.index < values.count {
            line += String(repeating: " ", count: place.x - x)
            line += TerminalText.fitted(
                values[place.index],
                to: place.width,
                alignment: place.alignment,
                glyphs: glyphs
            )
            x = place.x + place.width
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }
}
