import EventModel
public import EventStorage
import Synchronization

extension EventLog {
    /// Shows the selected events to `visit`, one by one, until it says stop.
    ///
    /// Takes no lock while `visit` runs; events appended meanwhile are not shown.
    public func read(
        _ selection: EventSelection,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        let filter = EventFilter(selection)
        let plan = try withCurrentState { ReadPlan(selection, head: $0.head, in: $0.index) }
        switch (plan, selection.direction) {
        case (.nothing, _):
            return
        case (.range(let range), .forwards):
            try scan(range) { filter.matches($0) ? visit($0) : .more }
        default:
            try look(up: plan, selection.direction) { filter.matches($0) ? visit($0) : .more }
        }
    }

    /// Goes through the records that hold a range of positions, file after file.
    private func scan(
        _ range: ClosedRange<UInt64>,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        var number = state.withLock { $0.recordNumber(of: Position(range.lowerBound)) }
        while true {
            let (records, files) = state.withLock {
                (Array($0.records[number...].prefix(256)), $0.files)
            }
            for record in records {
                guard record.firstPosition <= range.upperBound else { return }
                let file = files[record.file]
                let end = record.offset + record.length
                let bytes = file.bytes.extracting(record.offset..<end)
                if try scan(bytes, of: record, range, visit) == .stop { return }
            }
            guard !records.isEmpty else { return }
            number += records.count
        }
    }

    private func scan(
        _ bytes: RawSpan,
        of record: LogState.Record,
        _ range: ClosedRange<UInt64>,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) -> ReadControl {
        var offset = LogFormat.recordHeaderSize
        var number = record.firstPosition
        while offset < bytes.byteCount, number <= range.upperBound {
            let event = try LogState.view(
                at: offset,
                of: bytes,
                position: Position(number),
                recordedTime: record.recordedTime
            )
            if number >= range.lowerBound, visit(event) == .stop { return .stop }
            offset += event.encodedSize
            number += 1
        }
        return .more
    }

    /// Looks events up one by one, by where they lie.
    private func look(
        up plan: ReadPlan,
        _ direction: EventSelection.Direction,
        _ visit: (borrowing EventView) -> ReadControl
    ) throws(StorageError) {
        try plan.forEach(direction) { (position) throws(StorageError) in
            let (file, record, offset) = state.withLock { $0.location(of: position) }
            let end = record.offset + record.length
            let event = try LogState.view(
                at: offset - record.offset,
                of: file.bytes.extracting(record.offset..<end),
                position: position,
                recordedTime: record.recordedTime
            )
            return visit(event)
        }
    }
}

extension LogState {
    /// Where an event lies that has been taken in.
    func location(of position: Position) -> (file: LogFile, record: Record, offset: Int) {
        let location = locations[Int(position.number) - 1]
        let record = records[Int(location.record)]
        return (files[record.file], record, Int(location.offset))
    }

    /// The number of the record that holds a position.
    func recordNumber(of position: Position) -> Int {
        Int(locations[Int(position.number) - 1].record)
    }

    /// Shows an event that has been taken in.
    func withView<Result>(
        at position: Position,
        _ body: (borrowing EventView) -> Result
    ) throws(StorageError) -> Result {
        let (file, record, offset) = location(of: position)
        let end = record.offset + record.length
        return body(
            try LogState.view(
                at: offset - record.offset,
                of: file.bytes.extracting(record.offset..<end),
                position: position,
                recordedTime: record.recordedTime
            )
        )
    }
}
