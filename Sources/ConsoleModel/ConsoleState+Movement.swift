import EventModel
import OperationsModel

extension ConsoleState {
    /// Moves the selection, or scrolls, by so many rows.
    mutating func move(by rows: Int) {
        switch screen {
        case .pulse:
            pulse.cursor.move(
                by: rows,
                in: ProblemIdentity.identities(of: problems ?? []),
                visible: listRows,
                at: now
            )
        case .streams: moveInTail(by: rows)
        case .processors:
            processors.cursor.move(
                by: rows,
                in: processors.rows.map(\.group),
                visible: listRows,
                at: now
            )
        case .processor: processor.top = scrolled(processor.top, by: rows, count: 60)
        case .replay, .retry: break
        case .step: scrollStep(by: rows)
        case .deadLetters:
            deadLetters.move(by: rows, rows: letterRows, at: now)
            askForLetterEvent()
        case .effects:
            effectList.cursor.move(
                by: rows,
                in: effectList.rows.map(\.id),
                visible: listRows,
                at: now
            )
        case .aggregates: moveInAggregates(to: aggregates.absoluteIndex + rows)
        case .history: moveInHistory(by: rows)
        case .snapshots:
            snapshots.cursor.move(
                by: rows,
                in: (snapshots.coverage ?? []).map(\.category),
                visible: listRows,
                at: now
            )
            chooseSnapshotStream()
        case .operations:
            operations.cursor.move(
                by: rows,
                in: operations.rows.map(\.id),
                visible: listRows,
                at: now
            )
        case .help:
            let count = KeyTable.bindings.count { $0.applies(to: help.subject) }
            help.top = scrolled(help.top, by: rows, count: count + 24)
        }
    }

    /// Moves as the mouse wheel asks; a dialog that confirms or asks does not listen to it.
    mutating func scroll(by rows: Int) {
        guard isDrawn else { return }
        switch overlay {
        case nil: move(by: rows)
        case .palette(var palette):
            palette.move(by: rows)
            overlay = .palette(palette)
            previewTheme()
        case .menu, .question, .typedConfirmation, .prompt: break
        }
    }

    private func scrolled(_ top: Int, by rows: Int, count: Int) -> Int {
        min(max(0, top + rows), max(0, count - listRows))
    }

    /// Goes to one of the ends.
    mutating func moveToEnd(isLast: Bool) {
        switch screen {
        case .history where history.pane == .events:
            select(sequence: isLast ? history.lastSequence ?? 0 : 0)
        case .streams where isLast && !streams.isDetailOpen: startFollowing()
        case .streams where !streams.isDetailOpen: moveInTail(by: -streams.events.count)
        case .aggregates: moveToEndOfAggregates(isLast: isLast)
        default: move(by: isLast ? 1_000_000 : -1_000_000)
        }
    }

    private mutating func moveInTail(by rows: Int) {
        if streams.isDetailOpen {
            let lines = streams.detail.map { $0.payloadLines + $0.metadataLines } ?? []
            // About as many rows as the lines take when they are broken to the width.
            let count = lines.reduce(14) { $0 + 1 + $1.utf8.count / max(1, width - 3) }
            streams.detailTop = scrolled(streams.detailTop, by: rows, count: count)
            return
        }
        if rows < 0 { streams.isFollowing = false }
        streams.cursor.move(
            by: rows,
            in: streams.events.map(\.position),
            visible: listRows,
            at: now
        )
        askForPayload()
        if streams.cursor.index == 0, !streams.reachesStart, let first = streams.events.first {
            ask(.events(streams.request(.before(first.position))), in: .tailOlder)
        }
    }

    mutating func startFollowing() {
        streams.isFollowing = true
        streams.scanned = .start
        streams.skippedCount = 0
        streams.target = nil
        forget(.tail)
        forget(.tailOlder)
    }

    private mutating func moveInAggregates(to index: Int) {
        let target = max(0, aggregates.knownCount.map { min(index, $0 - 1) } ?? index)
        let place = target - aggregates.windowStart
        aggregates.cursor.moveTime = now
        let names = aggregates.window.map(\.stream)
        if names.indices.contains(place) {
            aggregates.target = nil
            aggregates.cursor.move(
                by: place - aggregates.cursor.index,
                in: names,
                visible: listRows,
                at: now
            )
            guard isNearEdge(place) else { return }
        } else {
            let end = place < 0 ? 0 : names.count - 1
            aggregates.cursor.select(end, in: names, rows: listRows)
        }
        let request = aggregates.request(around: target)
        guard request.skip != aggregates.windowStart, !isAtEnd(request) else { return }
        aggregates.target = target
        ask(.streams(request), in: .streams)
    }

    /// Whether a place among the held streams is so near their edge that others are needed.
    private func isNearEdge(_ place: Int) -> Bool {
        let margin = max(listRows, 20)
        return place < margin && aggregates.windowStart > 0
            || place >= aggregates.window.count - margin
    }

    private func isAtEnd(_ request: StreamsRequest) -> Bool {
        guard let count = aggregates.knownCount else { return false }
        return request.skip >= count
    }

    private mutating func moveToEndOfAggregates(isLast: Bool) {
        guard isLast else { return moveInAggregates(to: 0) }
        let isUnfiltered = aggregates.filter.isEmpty
        let count = aggregates.knownCount ?? (isUnfiltered ? status?.streamCount : nil)
        let end = aggregates.windowStart + aggregates.window.count
        moveInAggregates(to: (count ?? end) - 1)
    }

    private mutating func moveInHistory(by rows: Int) {
        if history.isValueOpen {
            history.valueTop = max(0, history.valueTop + rows)
            return
        }
        switch history.pane {
        case .events: step(by: rows)
        case .state:
            history.stateLine = max(0, history.stateLine + rows)
            clampStateLine()
        case .difference:
            let count = history.difference?.count ?? 0
            history.differenceTop = min(max(0, history.differenceTop + rows), max(0, count - 1))
        }
    }
}
