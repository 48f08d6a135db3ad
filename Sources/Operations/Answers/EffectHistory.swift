import EventLog
import EventModel
import EventStorage
import JSON
import OperationsModel
import Processing

/// What became of effects, as the log tells it; reads of the log only what was added since the time
/// before.
struct EffectHistory {
    private var ledger: EffectLedger
    private var notes = Notes()

    init(of log: EventLog) {
        ledger = EffectLedger(of: log)
    }

    /// What was told last of an effect and when; nothing where it was never begun.
    mutating func lastReport(
        of effect: EventID
    ) throws -> (report: EffectReport, time: Timestamp?)? {
        try catchUp()
        return try ledger.lastReport(of: effect).map { ($0, notes.lastTimes[effect]) }
    }

    /// Those of a group that ended last, oldest first.
    mutating func ended(of group: String, limit: Int) throws -> [EffectEntry] {
        try catchUp()
        return (notes.ended[group] ?? []).suffix(limit)
    }

    private mutating func catchUp() throws {
        // Where reading fails, all is read once more.
        var notes = notes
        try ledger.catchUp { notes.take($0, $1) }
        self.notes = notes
    }

    /// What the ledger does not keep.
    private struct Notes {
        /// When something was last told of an effect that is not over.
        var lastTimes: [EventID: Timestamp] = [:]
        /// Those of each group that ended last, oldest first.
        var ended: [String: [EffectEntry]] = [:]

        /// How many effects of a group that ended are kept.
        private static let endedCountMax = 100

        mutating func take(_ event: RecordedEvent, _ report: EffectReport) {
            guard report.fact == .completed || report.fact == .givenUp else {
                lastTimes[report.effect] = event.recordedTime
                return
            }
            lastTimes[report.effect] = nil
            guard let entry = EffectEntry(endedBy: event, report) else { return }
            var entries = ended[entry.group] ?? []
            entries.removeAll { $0.id == entry.id }
            entries.append(entry)
            ended[entry.group] = entries.suffix(Notes.endedCountMax)
        }
    }
}

extension EffectEntry {
    /// Describes an effect that is over.
    fileprivate init?(endedBy event: RecordedEvent, _ report: EffectReport) {
        guard let json = try? JSONValue(parsing: event.payload),
            let group = json["group"]?.string
        else { return nil }
        let isDone = report.fact == .completed
        self.init(
            id: report.effect,
            group: group,
            kind: json["kind"]?.string ?? "",
            key: json["key"]?.string ?? "",
            position: Position(UInt64(clamping: json["position"]?.integer ?? 0)),
            sequenceKey: json["sequence"]?.string ?? "",
            payload: "",
            state: isDone ? .performed : .givenUp,
            // What was given up took the number of an attempt that never began.
            attempts: isDone ? report.attempt : report.attempt - 1,
            lastTime: event.recordedTime
        )
    }
}
