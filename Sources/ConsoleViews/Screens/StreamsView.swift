import ConsoleModel
import EventModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the live tail of events, with the payload of the selected one where there is room.
    mutating func drawStreams(_ state: ConsoleState, in body: Rectangle) {
        let tail = state.streams
        if tail.isDetailOpen {
            return drawEvent(tail.detail, top: tail.detailTop, state: state, in: body)
        }
        guard body.width >= ConsoleLayout.twoPaneWidth else { return drawTail(state, in: body) }
        let panes = body.columns(.remaining, .fixed(detailWidth(body.width)), gap: 1)
        drawTail(state, in: panes[0])
        rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
        drawEvent(tail.detail, top: 0, state: state, in: panes[1])
    }

    private func detailWidth(_ width: Int) -> Int {
        width >= ConsoleLayout.threePaneWidth ? 72 : 40
    }

    private mutating func drawTail(_ state: ConsoleState, in area: Rectangle) {
        let tail = state.streams
        drawTailLine(state, in: area.row(0))
        let list = area.inset(top: 1)
        guard !tail.events.isEmpty else {
            let words = state.isWaiting(for: .tail) ? "asking the store" : "no events"
            return emptyList(
                tail.filter.isEmpty ? words : "\(words) fit the filter",
                in: list.row(1)
            )
        }
        let times = TimeWording(state)
        let first = tail.cursor.firstRow(fitting: list.height - 1, of: tail.events.count)
        table(
            [
                TableColumn("POSITION", .fixed(11, .right)),
                TableColumn(times.title("TIME"), .fixed(14)),
                TableColumn("STREAM", .flexible(minimum: 18, maximum: 36, weight: 2)),
                TableColumn("SEQ", .fixed(6, .right)),
                TableColumn("TYPE", .flexible(minimum: 19, maximum: 30, weight: 2)),
                TableColumn("SIZE", .fixed(7, .right, dropOrder: 1)),
                TableColumn("PAYLOAD", .flexible(minimum: 20, weight: 4, dropOrder: 2)),
            ],
            in: list,
            count: tail.events.count,
            selection: TableSelection(first: first, selected: tail.cursor.index),
            gap: area.width < 100 ? 1 : 2
        ) { row, column, glyphs in
            let event = tail.events[row]
            return switch column {
            case 0: StyledText(Wording.grouped(event.position.number), .muted)
            case 1: StyledText(times.precise(event.recordedTime))
            case 2: StyledText(event.stream.text, .strong)
            case 3: StyledText(Wording.grouped(event.sequence.number), .muted)
            case 4: StyledText(event.type.text)
            case 5: StyledText(Wording.bytes(event.payloadSize), .muted)
            default: StyledText(event.payloadPreview, .muted)
            }
        }
    }

    private mutating func drawTailLine(_ state: ConsoleState, in row: Rectangle) {
        let tail = state.streams
        let inner = row.inset(left: 2, right: 1)
        var text = StyledText()
        if tail.isFollowing {
            text.append("\(glyphs(.ok)) following", Style(.stateOK))
        } else {
            text.append("\(glyphs(.paused)) standing", Style(.statePaused))
            let last = tail.events.last?.position.number ?? 0
            if let head = state.status?.head.number, head > last, tail.filter.isEmpty {
                text.append("   \(glyphs(.down)) \(Wording.grouped(head - last)) new", .strong)
            }
        }
        if tail.skippedCount > 0 {
            text.append(
                "   \(glyphs(.warning)) too fast: \(Wording.grouped(tail.skippedCount)) not shown",
                Style(.lagWarning)
            )
        }
        draw(text, at: inner.origin, width: inner.width)
        drawFilter(tail.filter, in: inner)
    }

    /// Draws what narrows a list, at the right of a row.
    mutating func drawFilter(_ filter: String, in row: Rectangle) {
        guard !filter.isEmpty else { return }
        let text =
            StyledText("filter ", .muted) + StyledText(filter, Style(.text, on: .searchHit))
        let width = min(text.width, row.width / 2)
        draw(text, at: Point(x: row.maxX - width, y: row.y), width: width)
    }

    /// Draws one event with everything it carries.
    private mutating func drawEvent(
        _ detail: EventDetail?,
        top: Int,
        state: ConsoleState,
        in area: Rectangle
    ) {
        guard let detail else {
            return emptyList(
                state.isWaiting(for: .event) ? "asking the store" : "no event is selected",
                in: area.row(0)
            )
        }
        let inner = area.inset(left: 2, right: 1)
        drawScrolling(eventLines(detail, width: inner.width, state: state), top: top, in: inner)
    }

    /// Breaks a line of laid out JSON; what goes on is indented below its beginning.
    private func broken(_ line: String, width: Int, style: Style) -> [StyledText] {
        guard TerminalText.width(line) > width else { return [StyledText(line, style)] }
        let indent = line.prefix { $0 == " " }
        var label = ""
        if line[indent.endIndex...].hasPrefix("\""), let end = line.firstRange(of: ": ") {
            label = String(line[indent.endIndex..<end.upperBound])
        }
        var start = TerminalText.width(indent + label)
        if start > width / 2 { (label, start) = ("", min(indent.utf8.count, width / 2)) }
        let text = String(line.dropFirst(indent.count + label.count))
        let space = String(repeating: " ", count: start)
        return TerminalText.wrapped(text, width: max(1, width - start))
            .enumerated().map { index, part in
                StyledText((index == 0 && !label.isEmpty ? indent + label : space) + part, style)
            }
    }

    /// An event with everything it carries, broken into lines.
    private func eventLines(
        _ detail: EventDetail,
        width: Int,
        state: ConsoleState
    ) -> [StyledText] {
        let summary = detail.summary
        let times = TimeWording(state)
        func labelled(_ label: String, _ value: String) -> StyledText {
            StyledText(TerminalText.fitted(label, to: 11), .muted) + StyledText(value)
        }
        var lines = [
            StyledText(summary.type.text, .strong)
                + StyledText(summary.revision > 1 ? "  revision \(summary.revision)" : "", .muted),
            labelled("stream", "\(summary.stream)@\(summary.sequence)"),
            labelled("position", "#\(Wording.grouped(summary.position.number))"),
            labelled("recorded", times.full(summary.recordedTime)),
        ]
        if summary.eventTime != summary.recordedTime {
            lines.append(labelled("happened", times.full(summary.eventTime)))
        }
        lines.append(StyledText(detail.id.description, .muted))
        if !detail.tags.isEmpty {
            lines.append(
                labelled("tags", detail.tags.map(\.description).joined(separator: "  "))
            )
        }
        return lines + [StyledText()] + payloadLines(detail, width: width)
    }

    /// What an event says and what came with it, broken into lines.
    func payloadLines(_ detail: EventDetail, width: Int) -> [StyledText] {
        let size = Wording.bytes(detail.summary.payloadSize)
        var lines = [
            StyledText("PAYLOAD", .header)
                + StyledText("  \(detail.contentType), \(size)", .muted)
        ]
        lines += detail.payloadLines.flatMap { broken($0, width: width, style: .text) }
        if !detail.metadataLines.isEmpty {
            lines.append(StyledText())
            lines.append(StyledText("METADATA", .header))
            lines += detail.metadataLines.flatMap { broken($0, width: width, style: .muted) }
        }
        return lines
    }
}
