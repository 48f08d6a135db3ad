import EventModel
import OperationsModel
import Processing
import ReadModels

/// What is to be known about a comparison besides its numbers.
struct ComparisonNotes {
    private let comparison: ReadModelComparison
    private let history: LetterHistory
    private let inUse: GroupRows
    private let original: GroupRows?
    private let areDefinedOtherwise: Bool
    private let positionOfChange: Position?

    /// Takes what the notes are made from.
    init(
        _ comparison: ReadModelComparison,
        history: LetterHistory,
        inUse: GroupRows,
        original: GroupRows?,
        areDefinedOtherwise: Bool,
        positionOfChange: Position?
    ) {
        self.comparison = comparison
        self.history = history
        self.inUse = inUse
        self.original = original
        self.areDefinedOtherwise = areDefinedOtherwise
        self.positionOfChange = positionOfChange
    }

    /// One sentence each; what may explain differences is left out where there are none.
    var all: [String] {
        let always = [letters, partialReplay, lettersOfOriginal]
        let explanations = [tables, definition, late, lateOfOriginal, discards, skips]
        return (comparison.isEqual ? always : always + explanations).compactMap(\.self)
    }

    private var letters: String? {
        let count = inUse.deadLetters.count
        guard count > 0, original == nil else { return nil }
        return "dead letters wait: the copy leaves out the events of all \(count) too"
    }

    private var partialReplay: String? {
        guard let replay = inUse.progress.token.replay, replay.isPartial else { return nil }
        return "not exact: a replay of some events is under way; compare again when it has ended"
    }

    private var lettersOfOriginal: String? {
        guard let original, !original.deadLetters.isEmpty, original.position < inUse.position else {
            return nil
        }
        return
            "not exact: the kept rows have dead letters, behind which an undoing would put later "
            + "events of the same sequences aside; the copy handles them"
    }

    private var tables: String? {
        guard areDefinedOtherwise else { return nil }
        return "the tables are defined otherwise than when the rows in use were made"
    }

    private var definition: String? {
        guard let positionOfChange else { return nil }
        return "the definition has changed: events up to position \(positionOfChange) were handled "
            + "by another one than the copy's"
    }

    private var late: String? { inUse.lateLetters.map { note(on: $0, of: "rows in use") } }

    private var lateOfOriginal: String? {
        original?.lateLetters.map { note(on: $0, of: "kept rows") }
    }

    private func note(on late: LateLetters, of rows: String) -> String {
        let letters =
            late.count == 1
            ? "the dead letter of position \(late.first) was"
            : "\(late.count) dead letters of positions \(late.first) to \(late.last) were"
        return "not exact: \(letters) handled later than the events behind, in the \(rows)"
    }

    private var discards: String? {
        guard history.discardedCount > 0 else { return nil }
        return
            "not exact: dead letters were discarded by \(history.discardedCount) operations; the "
            + "copy handles their events where it can, as a replay would"
    }

    private var skips: String? {
        let count = history.skippedPositions.count
        guard count > 0 else { return nil }
        return "not exact: \(count) events are skipped that may have been handled before; the copy "
            + "leaves them out, as a replay would"
    }
}
