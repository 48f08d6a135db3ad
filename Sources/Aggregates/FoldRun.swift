import EventModel
import EventStorage

/// A state on its way through a stream, and the last event that went in.
struct FoldRun {
    /// Where the last event that went in stands.
    struct Last {
        let sequence: Sequence
        let position: Position
        let id: EventID
    }

    private var state: any FoldState
    private(set) var last: Last?
    /// The latest event time that went in.
    private(set) var latestTime = Timestamp(microseconds: .min)
    /// The sequence of the snapshot the run started from.
    private(set) var snapshotSequence: Sequence?
    /// Whether the event the snapshot follows is still to be held against it.
    private var unproven: Snapshot?

    /// Starts before the first event.
    init(_ fold: Fold) throws(FoldError) {
        do {
            state = try fold.makeState()
        } catch {
            throw .rules("the rules of \(fold.rules) cannot be used: \(error)")
        }
    }

    /// Starts after the event that a snapshot follows; nothing where its state cannot be read.
    init?(_ fold: Fold, from snapshot: Snapshot) {
        guard var state = try? fold.makeState(), (try? state.load(snapshot.state)) != nil else {
            return nil
        }
        self.state = state
        latestTime = snapshot.latestTime
        snapshotSequence = snapshot.sequence
        unproven = snapshot
    }

    /// The first sequence to show: that of the event a snapshot follows, to prove it.
    var nextSequence: Sequence {
        unproven?.sequence ?? last?.sequence.next ?? .first
    }

    /// Whether the event the snapshot follows has been seen, where there is a snapshot.
    var isProven: Bool { unproven == nil }

    /// Takes in the next event.
    ///
    /// - Returns: whether to go on; not where the event proves the snapshot to be another log's.
    mutating func apply(_ event: borrowing EventView) throws(FoldError) -> Bool {
        if let snapshot = unproven {
            guard event.sequence == snapshot.sequence, event.position == snapshot.position,
                event.id == snapshot.eventID
            else { return false }
            unproven = nil
            note(event)
            return true
        }
        do {
            try state.apply(event)
        } catch {
            throw .event(RejectedEvent(event, error))
        }
        latestTime = max(latestTime, event.eventTime)
        note(event)
        return true
    }

    private mutating func note(_ event: borrowing EventView) {
        last = Last(sequence: event.sequence, position: event.position, id: event.id)
    }

    /// Takes in the selected events of a store; `note` is called after each that went in and says
    /// whether to go on.
    mutating func apply(
        _ selection: EventSelection,
        of store: any EventStore,
        note: (borrowing FoldRun, borrowing EventView) -> ReadControl = { _, _ in .more }
    ) throws(FoldError) {
        var failure: FoldError?
        do {
            try store.read(selection) { event in
                do throws(FoldError) {
                    return try apply(event) ? note(self, event) : .stop
                } catch {
                    failure = error
                    return .stop
                }
            }
        } catch {
            throw .storage(error)
        }
        if let failure { throw failure }
    }

    /// The state as it stands, with its last event.
    func streamState(
        of stream: StreamName,
        _ fold: Fold,
        in store: any EventStore
    ) throws(FoldError) -> StreamState {
        var event: RecordedEvent?
        if let last {
            do {
                event = try store.event(at: last.position)
            } catch {
                throw .storage(error)
            }
        }
        return StreamState(
            stream: stream,
            last: event,
            json: last == nil ? nil : try encoded(),
            snapshotSequence: snapshotSequence,
            rules: fold.rules
        )
    }

    /// The state as it stands, to be saved; nothing before the first event.
    func snapshot(
        of stream: StreamName,
        _ fold: Fold,
        now: Timestamp
    ) throws(FoldError) -> Snapshot? {
        guard let last else { return nil }
        return Snapshot(
            stream: stream,
            sequence: last.sequence,
            position: last.position,
            eventID: last.id,
            latestTime: latestTime,
            fingerprint: fold.fingerprint,
            takenTime: now,
            state: try encoded()
        )
    }

    /// The state as JSON.
    func encoded() throws(FoldError) -> [UInt8] {
        do {
            return try state.encoded()
        } catch {
            throw .rules("the state cannot be written as JSON: \(error)")
        }
    }
}
