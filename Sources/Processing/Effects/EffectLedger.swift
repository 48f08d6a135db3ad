public import EventModel
public import EventStorage

/// What became of every effect that was ever begun, as the log of a store tells it.
///
/// Reads the stream `$effects` when it is asked, and of later events only what was added; takes
/// about a hundred bytes of memory for each effect.
public struct EffectLedger {
    private let store: any EventStore
    private var next = Sequence.first
    private var last: [EventID: EffectReport] = [:]

    /// Makes a ledger that has read nothing yet.
    public init(of store: any EventStore) {
        self.store = store
    }

    /// What happened last to an effect; nothing where it was never begun.
    public mutating func lastReport(of effect: EventID) throws -> EffectReport? {
        try catchUp()
        return last[effect]
    }

    /// Reads what was added.
    ///
    /// - Parameter note: called with each event that tells something, and what it tells.
    /// - Throws: what the store reports; all is read once more then.
    public mutating func catchUp(noting note: (RecordedEvent, EffectReport) -> Void = { _, _ in })
        throws
    {
        var next = next
        var last = last
        let selection = EventSelection(.stream(EffectReport.stream), fromSequence: next)
        try store.read(selection) { event in
            next = event.sequence.next
            let recorded = event.recorded
            guard let report = EffectReport(recorded) else { return .more }
            note(recorded, report)
            if report.isAfter(last[report.effect]) { last[report.effect] = report }
            return .more
        }
        self.next = next
        self.last = last
    }
}

extension EffectReport {
    /// Whether it says more than another one of the same effect, whichever was appended first.
    fileprivate func isAfter(_ other: EffectReport?) -> Bool {
        guard let other else { return true }
        return (rank, attempt) > (other.rank, other.attempt)
            || rank == other.rank && attempt == other.attempt
    }

    /// What ends an effect for good is above attempts, of which the last says most.
    private var rank: Int {
        switch fact {
        case .started, .failed: 0
        case .givenUp: 1
        case .completed: 2
        }
    }
}
