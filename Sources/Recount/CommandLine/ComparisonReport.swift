import JSON
import OperationsModel

/// What a comparison of read models is told as.
struct ComparisonReport {
    /// The failures that are shown as lines at most.
    private static let failureCount = 5
    /// The digits of a digest that a line shows.
    private static let digestSize = 12

    private let comparison: ReadModelComparison

    init(_ comparison: ReadModelComparison) {
        self.comparison = comparison
    }

    /// Writes the comparison as lines.
    func print(to output: CommandOutput) throws {
        try output.line(verdict)
        try printTable(to: output)
        for table in comparison.tables { try print(table, to: output) }
        for failure in comparison.failures.prefix(ComparisonReport.failureCount) {
            try output.line("the copy cannot handle \(failure)")
        }
        let left = comparison.failures.count - ComparisonReport.failureCount
        if left > 0 {
            try output.line("the copy cannot handle \(NumberFormat.grouped(left)) more events")
        }
        for note in comparison.notes { try output.line(note) }
    }

    private var verdict: String {
        let group = comparison.request.group
        let place = "at position \(NumberFormat.grouped(comparison.position.number))"
        if comparison.isEqual {
            return "\(group) \(place): the rows in use are equal to those \(other), "
                + "SHA-256 \(comparison.digest)"
        }
        let count = comparison.tables.reduce(0) { $0 + $1.differentCount }
        return "\(group) \(place): the rows in use and those \(other) differ in "
            + "\(NumberFormat.grouped(count)) \(count == 1 ? "row" : "rows")"
    }

    /// What the other rows are called.
    private var other: String {
        switch comparison.request.counterpart {
        case .rebuilt: "rebuilt"
        case .kept: "kept"
        }
    }

    private func printTable(to output: CommandOutput) throws {
        var table = TextTable(
            [
                .text("table"), .number("rows in use"), .number("rows \(other)"),
                .number("only in use"), .number("only \(other)"), .number("changed"),
                .text("digest in use"), .text("digest \(other)"),
            ],
            to: output
        )
        for row in comparison.tables {
            try table.row([
                row.name, text(row.inUse), text(row.counterpart),
                NumberFormat.grouped(row.onlyInUseCount),
                NumberFormat.grouped(row.onlyCounterpartCount),
                NumberFormat.grouped(row.changedCount), digest(row.inUse), digest(row.counterpart),
            ])
        }
        try table.flush()
    }

    private func text(_ rows: ReadModelComparison.Rows?) -> String {
        rows.map { NumberFormat.grouped($0.count) } ?? "no table"
    }

    private func digest(_ rows: ReadModelComparison.Rows?) -> String {
        rows.map { String($0.digest.prefix(ComparisonReport.digestSize)) } ?? ""
    }

    private func print(_ table: ReadModelComparison.Table, to output: CommandOutput) throws {
        if table.hasOtherColumns { try output.line("\(table.name) has other columns") }
        for change in table.changes { try output.line(change.line) }
        let left = table.differentCount - Int64(table.changes.count)
        if left > 0, !table.changes.isEmpty {
            try output.line("and \(NumberFormat.grouped(left)) more rows of \(table.name)")
        }
    }

    /// Writes the comparison as an object.
    func write(to output: CommandOutput) throws {
        try output.object { writer in
            writer.member("group", comparison.request.group)
            writer.member("with", comparison.request.counterpart.rawValue)
            writer.member("position", comparison.position.number)
            writer.member("isEqual", comparison.isEqual)
            writer.member("digest", comparison.digest)
            writer.member("otherDigest", comparison.counterpartDigest)
            writer.key("tables")
            writer.beginArray()
            for table in comparison.tables { write(table, to: &writer) }
            writer.endArray()
            writer.key("failures")
            writer.strings(comparison.failures)
            writer.key("notes")
            writer.strings(comparison.notes)
        }
    }

    private func write(_ table: ReadModelComparison.Table, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("table", table.name)
        writer.member("rows", table.inUse?.count)
        writer.member("otherRows", table.counterpart?.count)
        writer.member("digest", table.inUse?.digest)
        writer.member("otherDigest", table.counterpart?.digest)
        writer.member("onlyInUse", table.onlyInUseCount)
        writer.member("onlyOther", table.onlyCounterpartCount)
        writer.member("changed", table.changedCount)
        writer.member("hasOtherColumns", table.hasOtherColumns)
        writer.key("changes")
        writer.beginArray()
        for change in table.changes { change.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }
}
