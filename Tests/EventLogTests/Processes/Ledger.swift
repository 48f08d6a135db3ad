import EventLog
import EventModel
import EventStorage
import Testing

/// What processes were told that a log holds, and whether it does.
struct Ledger {
    /// An event as a process was told of it.
    private struct Entry: Equatable {
        var position: Position
        var sequence: Sequence
        var stream: StreamName
        var payload: [UInt8]
    }

    /// All that was acknowledged.
    private var acknowledged: [EventID: Entry] = [:]
    /// Those acknowledged as synced.
    private var synced: Set<EventID> = []
    /// Those not found yet.
    private var missing: Set<EventID> = []
    private var progress = Progress()

    /// How far a log was checked.
    private struct Progress {
        var head = Position.start
        var ids: Set<EventID> = []
        var nextSequences: [StreamName: UInt64] = [:]
    }

    /// How many events were acknowledged.
    var count: Int { acknowledged.count }

    /// Takes down what a process said.
    mutating func note(_ answer: LogAnswer) throws {
        guard answer.isAcknowledged else { return }
        for word in answer.words.dropFirst(2) {
            let fields = word.split(separator: "/", maxSplits: 4)
            let id = try #require(EventID(String(fields[2])))
            #expect(acknowledged[id] == nil, "\(id) is acknowledged once")
            acknowledged[id] = Entry(
                position: Position(try #require(UInt64(fields[0]))),
                sequence: Sequence(try #require(UInt64(fields[1]))),
                stream: StreamName(String(fields[3])),
                payload: Array(fields[4].utf8)
            )
            missing.insert(id)
            if answer.words[1] == "synced" { synced.insert(id) }
        }
    }

    /// Checks what a log holds behind what was checked before.
    ///
    /// Every event acknowledged is there once as it was acknowledged, batches are whole, and
    /// neither positions nor sequences have a gap.
    mutating func check(_ log: EventLog) throws {
        try look(at: log)
        #expect(missing.isEmpty, "\(missing.count) acknowledged events are not there")
    }

    /// Checks all that a log holds.
    mutating func checkAll(_ log: EventLog) throws {
        progress = Progress()
        missing = Set(acknowledged.keys)
        try check(log)
    }

    /// Checks all that a log holds after the machine lost what was not synced.
    ///
    /// - Returns: how many events were acknowledged and lost, none of them as synced.
    mutating func checkSynced(_ log: EventLog) throws -> Int {
        progress = Progress()
        missing = Set(acknowledged.keys)
        try look(at: log)
        #expect(missing.isDisjoint(with: synced), "synced events are not there")
        return missing.count
    }

    private mutating func look(at log: EventLog) throws {
        var batch: (id: EventID, place: UInt64)?
        for event in try log.events(EventSelection(after: progress.head)) {
            #expect(event.position == progress.head.next)
            progress.head = event.position
            let sequence = progress.nextSequences[event.stream, default: 0]
            #expect(event.sequence.number == sequence, "\(event.stream)")
            progress.nextSequences[event.stream] = sequence + 1
            #expect(progress.ids.insert(event.id).inserted, "\(event.id) is there once")
            missing.remove(event.id)
            if let entry = acknowledged[event.id] {
                let found = Entry(
                    position: event.position,
                    sequence: event.sequence,
                    stream: event.stream,
                    payload: event.payload
                )
                #expect(found == entry)
            }
            let (place, count) = (event.id.low >> 8 & 0xFF, event.id.low & 0xFF)
            let first = EventID(high: event.id.high, low: event.id.low >> 16)
            #expect(place == 0 ? batch == nil : batch?.id == first && batch?.place == place)
            batch = place + 1 < count ? (first, place + 1) : nil
        }
        #expect(batch == nil, "the last batch is whole")
        #expect(try log.head() == progress.head)
    }
}
