extension Frame {
    /// The characters without styles: one line per row, without spaces at the ends.
    public var plainText: String {
        (0..<size.height).map { plainRow($0) + "\n" }.joined()
    }

    /// The characters of one row, without spaces at the end.
    ///
    /// - Precondition: The frame has that row.
    public func plainRow(_ index: Int) -> String {
        var result = String.UnicodeScalarView()
        for cell in row(index) {
            for scalar in scalars(of: cell) { result.append(scalar) }
        }
        while result.last == " " { result.removeLast() }
        return String(result)
    }

    /// The frame as a text for comparison in tests: characters, then the letters of the roles.
    ///
    /// Colours do not appear, so a theme may change without changing it. Backdrops and attributes
    /// are listed by row and columns below the letters, and the cursor in the first line.
    public var golden: String {
        let place = cursor.map { " cursor \($0.x),\($0.y)" } ?? ""
        var lines = ["frame \(size)\(place)"]
        lines += (0..<size.height).map(plainRow)
        lines.append("roles")
        for index in 0..<size.height {
            var letters = String(row(index).map(\.style.role.letter))
            while letters.last == " " { letters.removeLast() }
            lines.append(letters)
        }
        let runs = (0..<size.height).flatMap(goldenRuns)
        if !runs.isEmpty { lines += ["styles"] + runs }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Where a row has backdrops and attributes: `3: 0-79 on selection bold`.
    private func goldenRuns(of index: Int) -> [String] {
        runs(ofRow: index) { $0.bits & ~0b11_1111 }.compactMap { range, style in
            var words = style.attributes.names
            if let role = style.backdrop.role { words = ["on", role.name] + words }
            guard !words.isEmpty else { return nil }
            let columns = "\(range.lowerBound)-\(range.upperBound - 1)"
            return "\(index): \(columns) \(words.joined(separator: " "))"
        }
    }

    /// The longest runs of cells in a row for whose styles the key is the same.
    func runs<Key: Equatable>(
        ofRow index: Int,
        by key: (Style) -> Key
    ) -> [(columns: Range<Int>, style: Style)] {
        let cells = Array(row(index))
        var runs: [(columns: Range<Int>, style: Style)] = []
        for (column, cell) in cells.enumerated() {
            if let last = runs.last, key(last.style) == key(cell.style) {
                runs[runs.count - 1].columns = last.columns.lowerBound..<column + 1
            } else {
                runs.append((column..<column + 1, cell.style))
            }
        }
        return runs
    }
}
