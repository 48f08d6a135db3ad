import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws how well categories are covered, and the snapshots of one stream.
    mutating func drawSnapshots(_ state: ConsoleState, in body: Rectangle) {
        if body.width >= ConsoleLayout.threePaneWidth {
            let panes = body.columns(.remaining, .proportion(0.36), gap: 1)
            drawCoverage(state, in: panes[0])
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawStreamSnapshots(state, in: panes[1])
        } else {
            let count = state.snapshots.coverage?.count ?? 0
            let height = min(count + 2, body.height * 2 / 3)
            let parts = body.rows(.fixed(max(4, height)), .remaining)
            drawCoverage(state, in: parts[0])
            drawStreamSnapshots(state, in: parts[1])
        }
    }

    private mutating func drawCoverage(_ state: ConsoleState, in area: Rectangle) {
        guard let rows = state.snapshots.coverage else {
            return emptyList("asking the store", in: area.row(1))
        }
        guard !rows.isEmpty else { return emptyList("no categories", in: area.row(1)) }
        let cursor = state.snapshots.cursor
        table(
            [
                TableColumn("CATEGORY", .flexible(minimum: 14, maximum: 30)),
                TableColumn("EVERY", .fixed(9, .right)),
                TableColumn("STREAMS", .fixed(9, .right)),
                TableColumn("CURRENT", .fixed(9, .right)),
                TableColumn("", .fixed(4, .right)),
                TableColumn("SIZE", .fixed(8, .right)),
                TableColumn("SNAPSHOTS", .fixed(9, .right, dropOrder: 1)),
                TableColumn("OUTDATED", .fixed(8, .right, dropOrder: 3)),
                TableColumn("LONGEST TAIL", .fixed(12, .right)),
                TableColumn("IN STREAM", .flexible(minimum: 16, maximum: 40, dropOrder: 2)),
            ],
            in: area,
            count: rows.count,
            selection: TableSelection(
                first: cursor.firstRow(fitting: area.height - 1, of: rows.count),
                selected: cursor.index
            )
        ) { row, column, glyphs in
            coverageCell(rows[row], column: column)
        }
    }

    private mutating func drawStreamSnapshots(_ state: ConsoleState, in area: Rectangle) {
        guard let stream = state.snapshots.stream else {
            return emptyList("no stream of this category needs a snapshot", in: area.row(1))
        }
        heading("SNAPSHOTS OF \(stream)", in: area.row(0), note: "longest tail of its category")
        let list = area.inset(top: 2)
        guard let snapshots = state.snapshots.snapshots else {
            return emptyList("asking the store", in: list.row(0))
        }
        guard !snapshots.isEmpty else {
            return emptyList("none: its state is folded from the first event", in: list.row(0))
        }
        let times = TimeWording(state)
        table(
            [
                TableColumn("SEQUENCE", .fixed(12, .right)),
                TableColumn(times.title("TAKEN"), .fixed(14)),
                TableColumn("AGE", .fixed(12, .right)),
                TableColumn("SIZE", .fixed(9, .right)),
                TableColumn("RULES", .flexible(minimum: 9)),
            ],
            in: list,
            count: snapshots.count,
            selection: TableSelection(first: 0, selected: nil)
        ) { row, column, glyphs in
            let snapshot = snapshots[row]
            return switch column {
            case 0: StyledText(Wording.grouped(snapshot.sequence.number), .strong)
            case 1: StyledText(times.short(snapshot.takenTime))
            case 2: StyledText(times.age(snapshot.takenTime), .muted)
            case 3: StyledText(Wording.bytes(snapshot.size))
            default:
                snapshot.isCurrent
                    ? StyledText("\(glyphs(.ok)) current", Style(.stateOK))
                    : StyledText("\(glyphs(.warning)) outdated", Style(.lagWarning))
            }
        }
    }
}

/// One cell of the table of categories.
private func coverageCell(_ coverage: SnapshotCoverage, column: Int) -> StyledText {
    let share = Double(coverage.coveredCount) / Double(max(1, coverage.streamCount))
    let style = share >= 0.9 ? Style(.stateOK) : Style(.lagWarning)
    return switch column {
    case 0: StyledText(coverage.category.text, .strong)
    case 1: StyledText(coverage.every.map { Wording.grouped($0) } ?? "on demand", .muted)
    case 2: StyledText(Wording.grouped(coverage.streamCount))
    case 3: StyledText(Wording.grouped(coverage.coveredCount))
    case 4:
        StyledText(
            Wording.percent(
                Double(coverage.coveredCount),
                of: Double(max(1, coverage.streamCount))
            ),
            coverage.every == nil ? .muted : style
        )
    case 5: StyledText(Wording.bytes(coverage.size), .muted)
    case 6: StyledText(Wording.grouped(coverage.snapshotCount), .muted)
    case 7:
        StyledText(
            Wording.grouped(coverage.ignoredCount),
            coverage.ignoredCount == 0 ? .muted : Style(.lagWarning)
        )
    case 8: StyledText(Wording.grouped(coverage.worstEventCount), tailStyle(coverage))
    default: StyledText(coverage.worstStream?.text ?? "", .muted)
    }
}

/// The style of the number of events after the last snapshot: twice the rule is too many.
private func tailStyle(_ coverage: SnapshotCoverage) -> Style {
    guard let every = coverage.every else { return .text }
    return coverage.worstEventCount > 2 * UInt64(max(0, every)) ? Style(.lagWarning) : .text
}
