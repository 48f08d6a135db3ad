import Disk
import EventModel
import EventStorage
import Testing

@testable import EventLog

/// An event as the log would hold it, at a made-up place.
struct PlacedEvent {
    var event: PendingEvent
    var stream: StreamName
    var sequence: UInt64
    var position: UInt64
    var recordedTime: Timestamp
    var address: UInt64
    var recordAddress: UInt64
    /// Whether it is the last of its record, and where that ends.
    var recordEnd: UInt64?

    /// When the producer says it happened.
    var eventTime: Timestamp { event.eventTime ?? recordedTime }

    /// Shows the event as the store would.
    func withView(_ body: (borrowing EventView) -> Void) throws {
        var bytes: [UInt8] = []
        EventEncoding.append(event, stream: stream, sequence: Sequence(sequence), to: &bytes)
        body(
            try EventView(
                encoded: bytes.span.bytes,
                position: Position(position),
                recordedTime: recordedTime
            )
        )
    }
}

/// What events a log may consist of.
enum Population: CaseIterable {
    case ordinary
    case oneGiantStream
    case everyEventItsOwnStream
    case streamsThatArePrefixes
    case oddNames
    case oneEvent
    case bothTimesOdd

    func streamName(_ number: UInt64, using generator: inout RandomSequence) -> String {
        switch self {
        case .ordinary, .bothTimesOdd:
            ["cart", "order", "order-line", "$operations"][Int(number % 4)] + "-\(number % 37)"
        case .oneGiantStream:
            Int.random(in: 0..<9, using: &generator) == 0 ? "small-\(number % 5)" : "giant-1"
        case .everyEventItsOwnStream: "own-\(number)"
        case .streamsThatArePrefixes: String(repeating: "a", count: 1 + Int(number % 60))
        case .oddNames:
            ["é", "e\u{301}", "-", "--", "-a", "日本-1", "日本", "a b", "\u{10FFFF}", "x-"][
                Int(number % 10)
            ] + (number % 3 == 0 ? "-é" : "")
        case .oneEvent: "single"
        }
    }

    /// The events of a log.
    func events(_ count: Int, seed: UInt64) -> [PlacedEvent] {
        var generator = RandomSequence(seed: seed)
        var sequences: [StreamName: UInt64] = [:]
        var events: [PlacedEvent] = []
        var address: UInt64 = 4096
        var time: Int64 = 1_000
        let total = self == .oneEvent ? 1 : count
        while events.count < total {
            let size = min(Int.random(in: 1...9, using: &generator), total - events.count)
            let recordAddress = address
            address += 64
            if Int.random(in: 0..<3, using: &generator) > 0 { time += 10 }
            for number in 0..<size {
                let random = UInt64.random(in: 0..<1000, using: &generator)
                let position = UInt64(events.count + 1)
                let name = self == .everyEventItsOwnStream ? position * 7919 % 100_003 : random
                let stream = StreamName(streamName(name, using: &generator))
                let sequence = sequences[stream] ?? 0
                sequences[stream] = sequence + 1
                let start = address
                address += UInt64.random(in: 60...400, using: &generator)
                events.append(
                    PlacedEvent(
                        event: event(position, random, time: time, using: &generator),
                        stream: stream,
                        sequence: sequence,
                        position: position,
                        recordedTime: Timestamp(microseconds: time),
                        address: start,
                        recordAddress: recordAddress,
                        recordEnd: number == size - 1 ? address : nil
                    )
                )
            }
            if Int.random(in: 0..<20, using: &generator) == 0 { address += 5_000 }
        }
        return events
    }

    private func event(
        _ position: UInt64,
        _ random: UInt64,
        time: Int64,
        using generator: inout RandomSequence
    ) -> PendingEvent {
        var tags = [EventTag(key: "customer", value: "\(random % 50)")]
        if random % 7 == 0 { tags.append(EventTag(key: "a:b", value: "c")) }
        if random % 11 == 0 { tags.append(EventTag(key: "a", value: "b:c")) }
        if position > 400 { tags.append(EventTag(key: "late", value: "é")) }
        let eventTime: Int64? =
            self == .bothTimesOdd
            ? Int64.random(in: -1_000_000...1_000_000, using: &generator)
            : random % 4 == 0 ? time - Int64(random) : nil
        return PendingEvent(
            id: EventID(high: generator.next(), low: position),
            type: EventType(["Made", "Paid", "Rare\(random % 40)", "Ünusual"][Int(random % 4)]),
            revision: UInt32(1 + random % 3),
            eventTime: eventTime.map { Timestamp(microseconds: $0) },
            tags: random % 5 == 0 ? [] : tags,
            payload: Array("{}".utf8)
        )
    }
}

/// Makes indexes of events.
enum IndexFixture {
    static let origin = IndexOrigin(
        store: EventID(high: 7, low: 9),
        hashes: IndexHashes(seed: 0x1234_5678)
    )

    /// The recent index of events, which begin at the start of the log or behind others.
    static func recent(
        _ events: ArraySlice<PlacedEvent>,
        behind earlier: PlacedEvent? = nil
    ) throws -> RecentIndex {
        var index = RecentIndex(
            origin: origin,
            firstPosition: (earlier?.position ?? 0) + 1,
            startAddress: earlier?.recordEnd ?? 4096
        )
        for event in events {
            try event.withView {
                index.add($0, address: event.address, recordAddress: event.recordAddress)
            }
        }
        return index
    }

    /// The bytes of an index file.
    static func bytes(
        _ events: ArraySlice<PlacedEvent>,
        behind earlier: PlacedEvent? = nil
    ) throws -> [UInt8] {
        let output = IndexBytes()
        try recent(events, behind: earlier).encode(
            to: output,
            endAddress: try #require(events.last?.recordEnd),
            recordChecksum: UInt64(events.endIndex)
        )
        return Array(output.buffer)
    }

    /// The index file that some bytes are.
    static func file(_ bytes: [UInt8], firstPosition: UInt64) throws(IndexDamage) -> IndexFile {
        let memory = IndexBytes()
        memory.write(bytes.span.bytes, at: 0)
        return try IndexFile(memory, firstPosition: firstPosition, origin: origin)
    }

    /// The file into which others merge.
    static func merged(_ files: [IndexFile]) throws -> [UInt8] {
        let output = IndexBytes()
        try IndexMerge.merge(files, to: output)
        return Array(output.buffer)
    }

    /// Index files of events that end before some indexes, and the rest in memory.
    static func index(_ events: [PlacedEvent], cuts: [Int]) throws -> LogIndex {
        var index = LogIndex(origin: origin, startAddress: 4096)
        var start = 0
        for cut in cuts + [events.count] {
            for event in events[start..<cut] {
                try event.withView {
                    index.add($0, address: event.address, recordAddress: event.recordAddress)
                }
            }
            if cut == events.count { break }
            let bytes = try bytes(events[start..<cut], behind: start > 0 ? events[start - 1] : nil)
            index.append(try file(bytes, firstPosition: UInt64(start + 1)))
            start = cut
        }
        return index
    }

    /// Where records end, except the last.
    static func boundaries(_ events: [PlacedEvent]) -> [Int] {
        events.indices.dropLast().filter { events[$0].recordEnd != nil }.map { $0 + 1 }
    }
}
