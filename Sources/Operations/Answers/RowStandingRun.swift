import EventLog
import EventModel
import EventStorage
import OperationsModel
import Processing
import ReadModels
import SQLiteDatabase

/// One look at a row in use, and one way through the group's history that finds what made it.
struct RowStandingRun {
    /// The events that the copy may fail to handle before it is given up.
    private static let failureCountMax = 100

    private let request: RowStandingRequest
    private let group: ReadModelGroup
    private let log: EventLog
    /// Hears how far the copy has come; says whether to go on.
    private let progress: InteractiveReplay.Progress
    private let inUse: RowInUse
    /// The end of the history.
    private let head: Position
    private let sequencing: SequencingPolicy
    /// The events that the copy does not handle.
    private var leftOut: Set<Position>
    private var failures: [ScratchFailure] = []

    /// Looks at the row.
    init(
        _ request: RowStandingRequest,
        _ group: ReadModelGroup,
        _ log: EventLog,
        _ progress: @escaping InteractiveReplay.Progress
    ) throws {
        self.request = request
        self.group = group
        self.log = log
        self.progress = progress
        inUse = try RowInUse(request, of: group)
        head = try log.head()
        sequencing = inUse.progress.sequencing ?? group.sequencing
        leftOut = inUse.putAside
        guard inUse.progress.furthestPosition <= head else {
            throw OperationsError.aheadOfLog(inUse.progress.furthestPosition, head: head)
        }
    }

    /// Finds what made the row, without the standings of the streams.
    mutating func run() throws -> RowStanding {
        let (trace, columns) = try trace()
        let hasOtherColumns = inUse.columns != nil && inUse.columns != columns
        let isEqual = !hasOtherColumns && inUse.values == trace.values
        let shown = inUse.columns ?? columns
        let position = inUse.progress.token.decidedPosition
        return RowStanding(
            group: group.name,
            table: columns.table,
            key: key(of: columns, in: hasOtherColumns ? nil : inUse.values ?? trace.values),
            position: position,
            columns: shown.names,
            values: inUse.values?.map(CellValue.init),
            isEqual: trace.isMixed ? nil : isEqual,
            difference: trace.isMixed || isEqual || hasOtherColumns
                ? nil : difference(from: trace.values, columns),
            changes: trace.changes,
            changeCount: trace.changeCount,
            hasMoreStreams: trace.hasMoreStreams,
            coming: trace.coming,
            comingCount: trace.comingCount,
            failures: failures.filter { $0.position > position }.map(\.description),
            deadLetterCount: inUse.deadLetterCount,
            notes: notes(isMixed: trace.isMixed, hasOtherColumns, position)
        )
    }

    /// Goes through the history once; once more for each failure that undoes more than its event.
    private mutating func trace() throws -> (RowTrace, TableColumns) {
        var (copy, row) = try begin()
        var trace = RowTrace(row.values)
        while copy.position < head {
            do {
                try follow(row, through: copy, &trace)
            } catch let failure as ScratchFailure {
                try note(failure)
                copy.putAside.insert(failure.position)
                guard copy.isLost else { continue }
                (copy, row) = try begin()
                trace = RowTrace(row.values)
            }
        }
        return (trace, row.columns)
    }

    private func begin() throws -> (ScratchReadModel, KeyedRow) {
        let copy = try group.makeScratch(copying: nil, without: leftOut)
        let rows = ReadModelRows(of: copy)
        let columns = try request.columns(in: rows, of: group)
        return (copy, try rows.row(request.key, of: columns))
    }

    private func follow(
        _ row: KeyedRow,
        through copy: ScratchReadModel,
        _ trace: inout RowTrace
    ) throws {
        try copy.step(from: log, through: head) { event, _, hasChanged in
            if hasChanged, try row.look() {
                let change = RowStanding.Change(
                    position: event.position,
                    stream: event.streamName,
                    type: event.eventType
                )
                if inUse.hasDecided(event, by: sequencing) {
                    trace.add(change, leaving: row.values)
                } else {
                    trace.add(coming: change)
                }
            }
            if InteractiveReplay.tellsProgress(at: event.position), !progress(event.position, head)
            {
                throw OperationsError(
                    .refused,
                    "the search for what made the row was given up at position "
                        + "\(event.position) of \(head)"
                )
            }
            return .more
        }
    }

    private mutating func note(_ failure: ScratchFailure) throws(OperationsError) {
        failures.append(failure)
        leftOut.insert(failure.position)
        guard failures.count <= RowStandingRun.failureCountMax else {
            throw OperationsError(
                .finding,
                "the copy cannot handle more than \(RowStandingRun.failureCountMax) events; the "
                    + "first is \(failures[0])"
            )
        }
    }

    /// The columns of the key, with what the row holds or what was asked for.
    private func key(
        of columns: TableColumns,
        in values: [SQLiteValue]?
    ) -> [RowChange.KeyColumn] {
        zip(columns.key, request.key).map { index, text in
            let value = values.map { CellValue($0[index]) }
            return RowChange.KeyColumn(columns.names[index], value ?? .text(text))
        }
    }

    private func difference(
        from rebuilt: [SQLiteValue]?,
        _ columns: TableColumns
    ) -> RowChange {
        RowChange(
            SQLiteRowDifference(
                table: columns.table,
                columns: columns.names,
                keyColumns: columns.key,
                before: inUse.values,
                after: rebuilt
            )
        )
    }

    private func notes(
        isMixed: Bool,
        _ hasOtherColumns: Bool,
        _ position: Position
    ) -> [String] {
        var notes = failures.filter { $0.position <= position }.map {
            "the copy cannot handle \($0), which the group has decided"
        }
        if isMixed {
            notes.append(
                "the row cannot be compared with a copy: it shows events of a segment that is "
                    + "ahead, but not earlier ones of a segment that is behind"
            )
        }
        if hasOtherColumns {
            notes.append(
                "the table has other columns or another primary key than when the rows in use were "
                    + "made"
            )
        }
        let count = inUse.deadLetterCount
        if count > 0 {
            let letters = count == 1 ? "a dead letter" : "\(count) dead letters"
            notes.append(
                "the copy leaves out \(letters), which may be about the row; 'recount dead-letters' "
                    + "shows what waits"
            )
        }
        return notes
    }
}

extension RowStandingRequest {
    /// The columns of the table by the group's definition, of which the key has as many as were
    /// given.
    fileprivate func columns(
        in rows: ReadModelRows,
        of group: ReadModelGroup
    ) throws -> TableColumns {
        guard let columns = try rows.columns(of: table) else {
            throw OperationsError.missing(table: table, of: group.name, among: try rows.tables())
        }
        let names = columns.keyNames.joined(separator: ", ")
        guard !names.isEmpty else {
            throw OperationsError(
                .refused,
                "the table \(columns.table) has no primary key, so that no row of it can be named: "
                    + "what numbers its rows is another one in rows made of the same events"
            )
        }
        guard columns.key.count == key.count else {
            throw OperationsError(
                .invalid,
                "the primary key of the table \(columns.table) is \(names), a value for each of "
                    + "which must be given; \(key.count) \(key.count == 1 ? "is" : "are")"
            )
        }
        return columns
    }
}
