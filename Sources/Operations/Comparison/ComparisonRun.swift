import EventLog
import EventModel
import OperationsModel
import Processing
import ReadModels

/// One comparison of a group's rows in use with others at the same position.
struct ComparisonRun {
    /// Hears how far the work is; says whether to go on.
    typealias Progress = (ReadModelComparisonStage) -> Bool

    /// The events that the copy may fail to handle before it is given up.
    private static let failureCountMax = 100

    let request: ReadModelComparisonRequest
    let group: ReadModelGroup
    let log: EventLog
    let progress: Progress
    private let inUse: GroupRows
    /// The rows that a copy begins with; nothing where it begins with none.
    private let original: GroupRows?
    private var failures: [String] = []

    /// Opens what is compared.
    init(
        _ request: ReadModelComparisonRequest,
        _ group: ReadModelGroup,
        _ log: EventLog,
        _ progress: @escaping Progress
    ) throws {
        guard let inUse = try group.openRows(.inUse) else {
            throw OperationsError(.notFound, group.reasonWithoutDatabase)
        }
        self.request = request
        self.group = group
        self.log = log
        self.progress = progress
        self.inUse = inUse
        switch request.counterpart {
        case .rebuilt: original = nil
        case .kept:
            guard let kept = try group.openRows(.kept) else {
                throw OperationsError(
                    .notFound,
                    "no rows of the group \(group.name) are kept of before a replay"
                )
            }
            original = kept
        }
    }

    /// Makes the counterpart and compares.
    mutating func run() throws -> ReadModelComparison {
        let copy = ReadModelRows(of: try makeCopy())
        defer { inUse.release() }
        let names = try chosenTables(copy)
        let reading = ReadingProgress(progress)
        try reading.expect(inUse.rows.rowCount(of: names), copy.rowCount(of: names))
        let digest = try inUse.rows.digest(of: names, progress: reading.advance)
        let copyDigest = try copy.digest(of: names, progress: reading.advance)
        let differing = names.filter { name in
            digest.table(name) != copyDigest.table(name)
        }
        try reading.expect(inUse.rows.rowCount(of: differing), copy.rowCount(of: differing))
        let differences = try inUse.rows.differences(
            to: copy,
            of: differing,
            rowCountMax: request.rowCountMax,
            progress: reading.advance
        )
        let history = try LetterHistory(
            of: group.name,
            since: inUse.origin?.operation,
            in: log
        )
        var comparison = ReadModelComparison(
            request: request,
            position: inUse.position,
            digest: digest.digest.description,
            counterpartDigest: copyDigest.digest.description,
            tables: tables(digest, copyDigest, differences),
            failures: failures,
            hasDiscarded: history.discardedCount > 0
        )
        comparison.notes = try notes(on: comparison, history, copy)
        return comparison
    }

    /// Makes a copy that is where the rows in use are, and has these be held there.
    ///
    /// The group goes on while the copy is filled; only the rest of the way is gone with its rows
    /// held, so that its write-ahead log grows for a short time.
    private mutating func makeCopy() throws -> ScratchReadModel {
        let before = leftOut
        var copy = try group.makeScratch(copying: original, without: before)
        try fill(copy)
        try inUse.hold()
        guard inUse.isCurrent, original?.isCurrent ?? true else {
            throw OperationsError(
                .refused,
                "the rows were replaced while they were compared; compare once more"
            )
        }
        guard inUse.progress.isLevel, original?.progress.isLevel ?? true else {
            throw OperationsError(
                .refused,
                "the segments of the group \(group.name) are at different places; compare when "
                    + "they have caught up"
            )
        }
        let changed = leftOut.symmetricDifference(before)
        if changed.contains(where: { $0 <= copy.position }) {
            failures = []
            copy = try group.makeScratch(copying: original, without: leftOut)
        } else {
            copy.putAside.formUnion(leftOut)
        }
        try fill(copy)
        return copy
    }

    /// The events that the copy leaves out, because the rows do that it is to be like.
    private var leftOut: Set<Position> {
        (original ?? inUse).deadLetters.union(inUse.skipped)
    }

    private mutating func fill(_ copy: ScratchReadModel) throws {
        let last = inUse.position
        guard copy.position <= last, try last <= log.head() else {
            throw try reason(against: copy.position, last)
        }
        guard progress(.building(reached: copy.position, last: last)) else {
            throw ComparisonGivenUp()
        }
        while copy.position < last {
            do {
                try build(copy, through: last)
            } catch let failure as ScratchFailure {
                failures.append(failure.description)
                copy.putAside.insert(failure.position)
                guard failures.count <= ComparisonRun.failureCountMax else {
                    throw OperationsError(
                        .finding,
                        "the copy cannot handle more than \(ComparisonRun.failureCountMax) events "
                            + "that the group has decided; the first is \(failures[0])"
                    )
                }
            }
        }
    }

    private func build(_ copy: ScratchReadModel, through last: Position) throws {
        var isGivenUp = false
        try copy.build(from: log, through: last) { reached in
            isGivenUp = !progress(.building(reached: reached, last: last))
            return !isGivenUp
        }
        if isGivenUp { throw ComparisonGivenUp() }
    }

    private func reason(
        against position: Position,
        _ last: Position
    ) throws -> OperationsError {
        guard position > last else { return .aheadOfLog(last, head: try log.head()) }
        return OperationsError(
            .refused,
            "the rows kept are at position \(position), those in use only at \(last); "
                + "compare when the replay has caught up"
        )
    }

    /// The tables to compare: one, or those of both.
    private func chosenTables(_ copy: ReadModelRows) throws -> Set<String> {
        let names = Set(try inUse.rows.tables() + copy.tables())
        guard let table = request.table else { return names }
        guard names.contains(table) else {
            throw OperationsError.missing(table: table, of: group.name, among: names.sorted())
        }
        return [table]
    }

    private func tables(
        _ digest: ReadModelDigest,
        _ copyDigest: ReadModelDigest,
        _ differences: [TableDifference]
    ) -> [ReadModelComparison.Table] {
        let names = Set(digest.tables.map(\.name)).union(copyDigest.tables.map(\.name))
        let tables = names.map { name in
            let difference = differences.first { $0.name == name }
            return ReadModelComparison.Table(
                name: name,
                inUse: digest.table(name).map(ReadModelComparison.Rows.init),
                counterpart: copyDigest.table(name).map(ReadModelComparison.Rows.init),
                onlyInUseCount: difference?.removedCount ?? 0,
                onlyCounterpartCount: difference?.addedCount ?? 0,
                changedCount: difference?.changedCount ?? 0,
                changes: difference?.rows.map(RowChange.init) ?? [],
                hasOtherColumns: difference?.hasOtherColumns ?? false
            )
        }
        return tables.sorted { left, right in
            (-left.differentCount, -left.size, left.name)
                < (-right.differentCount, -right.size, right.name)
        }
    }

    private func notes(
        on comparison: ReadModelComparison,
        _ history: LetterHistory,
        _ copy: ReadModelRows
    ) throws -> [String] {
        ComparisonNotes(
            comparison,
            history: history,
            inUse: inUse,
            original: original,
            areDefinedOtherwise: try inUse.rows.definitions() != copy.definitions(),
            positionOfChange: inUse.positionOfChange(to: try group.fingerprint())
        ).all
    }
}

/// Adds up rows that were read.
private final class ReadingProgress {
    private let progress: ComparisonRun.Progress
    private var count = 0
    private var total = 0

    init(_ progress: @escaping ComparisonRun.Progress) {
        self.progress = progress
    }

    /// Notes that more rows are to be read.
    func expect(_ counts: Int64...) {
        total += Int(counts.reduce(0, +))
    }

    func advance(_ rowCount: Int) -> Bool {
        count += rowCount
        return progress(.reading(rowCount: count, of: total))
    }
}

extension ReadModelDigest {
    fileprivate func table(_ name: String) -> Table? { tables.first { $0.name == name } }
}

extension ReadModelComparison.Rows {
    fileprivate init(_ table: ReadModelDigest.Table) {
        self.init(count: table.rowCount, digest: table.digest.description)
    }
}

extension ReadModelComparison.Table {
    fileprivate var size: Int64 { max(inUse?.count ?? 0, counterpart?.count ?? 0) }
}
