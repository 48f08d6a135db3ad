import Screen

/// A column of a table with its title.
struct TableColumn {
    let title: String
    let column: Column

    init(_ title: String, _ column: Column) {
        self.title = title
        self.column = column
    }
}

/// Which row of a table is selected, and which comes first.
struct TableSelection {
    let first: Int
    let selected: Int?
    /// Whether the table takes the keys.
    var isFocused = true
}

extension Frame {
    /// Draws a table with titles; the first two cells of a row are for the sign of the selection.
    ///
    /// Where nothing is selected and not all rows fit, the last line says how many are missing.
    ///
    /// - Parameters:
    ///   - columns: the columns; those that do not fit are dropped in their order.
    ///   - area: where; its first row holds the titles.
    ///   - count: how many rows there are in all.
    ///   - selection: which row comes first and which is selected.
    ///   - gap: the cells between two columns.
    ///   - cell: the text of a cell, by row and column, in a set of glyphs.
    mutating func table(
        _ columns: [TableColumn],
        in area: Rectangle,
        count: Int,
        selection: TableSelection,
        gap: Int = 2,
        cell: (_ row: Int, _ column: Int, _ glyphs: GlyphSet) -> StyledText
    ) {
        guard area.height > 1 else { return }
        let inner = area.inset(left: 2, right: 1)
        let places = Columns(columns.map(\.column), width: inner.width, gap: gap).places
        for place in places {
            draw(
                columns[place.index].title,
                at: Point(x: inner.x + place.x, y: area.y),
                style: .header,
                width: place.width,
                alignment: place.alignment
            )
        }
        let left = max(0, count - selection.first)
        var shown = min(area.height - 1, left)
        if selection.selected == nil, shown < left {
            shown -= 1
            draw(
                "\(glyphs(.ellipsis)) \(left - shown) more",
                at: Point(x: inner.x, y: area.maxY - 1),
                style: .muted,
                width: inner.width
            )
        }
        for offset in 0..<shown {
            let row = selection.first + offset
            let y = area.y + 1 + offset
            for place in places {
                draw(
                    cell(row, place.index, glyphs),
                    at: Point(x: inner.x + place.x, y: y),
                    width: place.width,
                    alignment: place.alignment
                )
            }
            guard row == selection.selected else { continue }
            if selection.isFocused {
                select(Rectangle(x: area.x, y: y, width: area.width, height: 1))
            } else {
                draw(.selected, at: Point(x: area.x, y: y), style: .muted)
            }
        }
    }

    /// Marks a row as the selected one.
    mutating func select(_ row: Rectangle) {
        draw(.selected, at: row.origin, style: Style(.selection))
        lay(row, on: .selection)
    }

    /// Draws a heading in the second cell of a row.
    mutating func heading(_ text: String, in area: Rectangle, note: String = "") {
        guard !area.isEmpty else { return }
        let row = area.inset(left: 2, right: 1)
        let used = draw(text, at: row.origin, style: .header, width: row.width)
        guard !note.isEmpty, row.width > used + 2 else { return }
        draw(
            note,
            at: row.origin.moved(x: used + 2),
            style: .muted,
            width: row.width - used - 2,
            alignment: .right
        )
    }

    /// Draws a heading, with a sign where its pane takes the keys.
    mutating func paneTitle(
        _ title: String,
        note: String,
        isFocused: Bool,
        in row: Rectangle
    ) {
        heading(title, in: row, note: note)
        guard isFocused, !row.isEmpty else { return }
        draw(.selected, at: row.origin, style: Style(.chartLine1))
    }

    /// Draws a label and, in a column of its own, what it is about.
    mutating func field(
        _ label: String,
        _ value: StyledText,
        in row: Rectangle,
        labelWidth: Int = 12
    ) {
        guard !row.isEmpty else { return }
        let inner = row.inset(left: 2, right: 1)
        draw(label, at: inner.origin, style: .muted, width: min(labelWidth, inner.width))
        guard inner.width > labelWidth else { return }
        draw(
            value,
            at: inner.origin.moved(x: labelWidth),
            width: inner.width - labelWidth
        )
    }

    /// Draws a label and beside it a text in as many rows as it takes.
    mutating func field(
        _ label: String,
        wrapping text: String,
        style: Style = .text,
        in rows: inout RowCursor
    ) {
        let lines = TerminalText.wrapped(text, width: max(1, rows.area.width - 15))
        for (index, line) in lines.enumerated() {
            field(index == 0 ? label : "", StyledText(line, style), in: rows.next())
        }
    }

    /// Draws what a list says that has no rows.
    mutating func emptyList(_ text: String, in area: Rectangle) {
        guard !area.isEmpty else { return }
        draw(text, at: area.origin.moved(x: 2), style: .muted, width: area.width - 3)
    }
}

/// Fills an area with rows from above.
struct RowCursor {
    let area: Rectangle
    private(set) var used = 0

    init(_ area: Rectangle) {
        self.area = area
    }

    /// The next row; where none is left, an empty one outside of every frame.
    mutating func next() -> Rectangle {
        defer { used += 1 }
        guard used < area.height else { return Rectangle(x: -1000, y: -1, width: 0, height: 0) }
        return area.row(used)
    }

    /// Leaves rows empty.
    mutating func skip(_ count: Int = 1) {
        used += count
    }

    /// What is left below.
    var rest: Rectangle { area.inset(top: used) }
}
