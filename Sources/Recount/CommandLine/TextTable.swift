/// Writes rows as aligned columns, also so many that they cannot be kept.
///
/// Rows are gathered and written a few hundred at a time; a column may become wider from one such
/// part to the next, never narrower.
struct TextTable {
    /// A column: what stands above it, and on which side its text stands.
    struct Column {
        var title: String
        var isNumber: Bool

        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    private static let partCount = 256

    private let columns: [Column]
    private let output: CommandOutput
    private let widthLimit: Int?
    private var widths: [Int]
    private var rows: [[String]] = []
    private var hasTitles = false

    init(_ columns: [Column], to output: CommandOutput) {
        self.columns = columns
        self.output = output
        widthLimit = output.width
        widths = columns.map { SafeText.width($0.title) }
    }

    /// Adds a row with one text for each column; the texts are sanitized here.
    mutating func row(_ cells: [String]) throws {
        precondition(cells.count == columns.count, "A row has as many cells as there are columns.")
        let cells = cells.map(SafeText.sanitized)
        for (index, cell) in cells.enumerated() {
            widths[index] = max(widths[index], SafeText.width(cell))
        }
        rows.append(cells)
        if rows.count >= TextTable.partCount { try flush() }
    }

    /// Writes the rows gathered so far, under the titles if these are the first.
    mutating func flush() throws {
        if !hasTitles && !rows.isEmpty {
            hasTitles = true
            try write(columns.map(\.title))
        }
        for row in rows { try write(row) }
        rows.removeAll(keepingCapacity: true)
    }

    private func write(_ cells: [String]) throws {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(
                repeating: " ",
                count: max(0, widths[index] - SafeText.width(cell))
            )
            if index > 0 { line += "  " }
            if columns[index].isNumber {
                line += padding + cell
            } else {
                line += index == cells.count - 1 ? cell : cell + padding
            }
        }
        if let widthLimit { line = SafeText.clipped(line, to: widthLimit) }
        try output.write(line)
        try output.write("\n")
    }
}
