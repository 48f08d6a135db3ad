import Disk
import EventModel
import EventStorage
import Testing

@testable import EventLog

/// Answers the questions put to an index by looking at every event.
struct IndexModel {
    let events: [PlacedEvent]
    private let streams: [StreamName: [PlacedEvent]]

    init(_ events: [PlacedEvent]) {
        self.events = events
        streams = Dictionary(grouping: events, by: \.stream)
    }

    func summary(_ name: StreamName) -> StreamSummary? {
        guard let events = streams[name], let first = events.first, let last = events.last else {
            return nil
        }
        return StreamSummary(
            stream: name,
            eventCount: UInt64(events.count),
            lastPosition: Position(last.position),
            firstTime: first.recordedTime,
            lastTime: last.recordedTime
        )
    }

    func summaries(_ request: StreamsRequest) -> [StreamSummary] {
        var all = streams.keys.compactMap(summary)
        all.removeAll { summary in
            let name = summary.stream
            return request.category.map { $0 != name.category } ?? false
                || !name.text.utf8.starts(with: request.prefix.utf8)
                || !(request.containing.isEmpty || name.text.contains(request.containing))
        }
        switch request.order {
        case .name: all.sort { $0.stream < $1.stream }
        case .events: all.sort { ($1.eventCount, $0.stream) < ($0.eventCount, $1.stream) }
        case .recent: all.sort { $0.lastPosition > $1.lastPosition }
        }
        return Array(all.dropFirst(max(0, request.skip)).prefix(max(0, request.limit)))
    }

    var census: [TypeCensus] {
        struct Key: Hashable {
            var type: EventType
            var revision: UInt32
        }
        let groups = Dictionary(grouping: events) {
            Key(type: $0.event.type, revision: $0.event.revision)
        }
        return groups.compactMap { key, events in
            guard let first = events.first, let last = events.last else { return nil }
            return TypeCensus(
                type: key.type,
                revision: key.revision,
                count: UInt64(events.count),
                firstPosition: Position(first.position),
                lastPosition: Position(last.position),
                firstTime: first.recordedTime,
                lastTime: last.recordedTime
            )
        }
        .sorted { ($0.type, $0.revision) < ($1.type, $1.revision) }
    }

    /// The blocks of the whole log, cut where parts begin.
    func blocks(_ parts: [IndexCoverage]) -> [IndexBlock] {
        var groups: [[PlacedEvent]] = []
        for event in events {
            let isNew =
                (event.position - 1) % 64 == 0
                || parts.contains { $0.firstPosition == event.position }
            if isNew { groups.append([]) }
            groups[groups.count - 1].append(event)
        }
        return groups.map { events in
            IndexBlock(
                firstPosition: events[0].position,
                lastPosition: events[events.count - 1].position,
                address: events[0].address,
                recordAddress: events[0].recordAddress,
                earliest: events.map(\.eventTime).min() ?? .epoch,
                latest: events.map(\.eventTime).max() ?? .epoch,
                recordedTime: events[0].recordedTime
            )
        }
    }

    /// The blocks that hold an event of each group of a selection and overlap its times.
    func blocks(
        for selection: EventSelection,
        in positions: ClosedRange<UInt64>,
        of blocks: [IndexBlock]
    ) -> [IndexBlock] {
        if let first = selection.fromTime, let last = selection.throughTime, first > last {
            return []
        }
        let found = blocks.filter { block in
            let events = events[Int(block.firstPosition - 1)..<Int(block.lastPosition)]
            let hasTypes =
                selection.types.isEmpty
                || events.contains { selection.types.contains($0.event.type) }
            let hasTags = selection.tags.allSatisfy { tag in
                events.contains { $0.event.tags.contains(tag) }
            }
            var hasCategory = true
            if case .category(let category) = selection.scope {
                hasCategory = events.contains { $0.stream.category == category }
            }
            return hasTypes && hasTags && hasCategory
                && block.lastPosition >= positions.lowerBound
                && block.firstPosition <= positions.upperBound
                && selection.fromTime.map { block.latest >= $0 } ?? true
                && selection.throughTime.map { block.earliest <= $0 } ?? true
        }
        return selection.direction == .forwards ? found : found.reversed()
    }

    // MARK: - Comparing

    /// Compares every answer of an index with the model's.
    func expectSame(_ index: LogIndex, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var generator = RandomSequence(seed: 5)
        #expect(index.lastPosition == UInt64(events.count), sourceLocation: sourceLocation)
        #expect(index.streamCount == streams.count, sourceLocation: sourceLocation)
        #expect(try index.census() == census, sourceLocation: sourceLocation)
        for name in streams.keys { try expectSame(name, index, &generator, sourceLocation) }
        for name in ["", "nobody", "giant", "cart-", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé"] {
            try expectSame(StreamName(name), index, &generator, sourceLocation)
        }
        let candidates = try index.candidates(of: events.map(\.event.id))
            .sorted { $0.number < $1.number }
        #expect(candidates.map(\.number) == Array(events.indices), sourceLocation: sourceLocation)
        #expect(
            candidates.map(\.position.number) == events.map(\.position),
            sourceLocation: sourceLocation
        )
        let absent = events.map { EventID(high: $0.event.id.high, low: ~$0.position) }
        #expect(try index.candidates(of: absent).isEmpty, sourceLocation: sourceLocation)
        for request in requests {
            let page = try index.summaries(request)
            #expect(page == summaries(request), "\(request)", sourceLocation: sourceLocation)
        }
        try expectSameBlocks(index, sourceLocation)
    }

    private func expectSame(
        _ name: StreamName,
        _ index: LogIndex,
        _ generator: inout RandomSequence,
        _ sourceLocation: SourceLocation
    ) throws {
        let span = name.text.utf8.span.bytes
        let mine = streams[name] ?? []
        #expect(try index.summary(of: span) == summary(name), sourceLocation: sourceLocation)
        let last = try index.lastSequence(of: span)
        let expected = mine.last.map { Sequence($0.sequence) }
        #expect(last == expected, "\(name)", sourceLocation: sourceLocation)
        for range in [0..<UInt64.max] + randomRanges(mine.count, using: &generator) {
            let found = try index.addresses(
                of: span,
                from: range.lowerBound,
                through: range.upperBound - 1
            )
            let expected = mine.filter { range.contains($0.sequence) }
            var addresses: [UInt64] = []
            try found.append(found.sequences, to: &addresses)
            #expect(addresses == expected.map(\.address), sourceLocation: sourceLocation)
            if let first = expected.first {
                let end = first.sequence + UInt64(expected.count)
                #expect(found.sequences == first.sequence..<end, sourceLocation: sourceLocation)
            }
            var middle: [UInt64] = []
            try found.append(found.sequences.dropFirst().dropLast(), to: &middle)
            #expect(
                middle == Array(addresses.dropFirst().dropLast()),
                sourceLocation: sourceLocation
            )
        }
    }

    private func randomRanges(
        _ count: Int,
        using generator: inout RandomSequence
    ) -> [Range<UInt64>] {
        let first = UInt64.random(in: 0...UInt64(count), using: &generator)
        let last = UInt64.random(in: first...UInt64(count + 2), using: &generator)
        return [first..<last + 1, first..<first + 1]
    }

    private var requests: [StreamsRequest] {
        let scopes = [
            StreamsRequest(), StreamsRequest(category: Category("order")),
            StreamsRequest(category: Category("order-line")),
            StreamsRequest(category: Category("")),
            StreamsRequest(prefix: "order-l"), StreamsRequest(category: Category("日本")),
            StreamsRequest(category: Category("order"), prefix: "ord"),
            StreamsRequest(category: Category("cart"), prefix: "order"),
            StreamsRequest(prefix: "aaaaaaa", containing: "aaaaaaaaaaaaaaaa"),
            StreamsRequest(containing: "3"), StreamsRequest(containing: "é"),
        ]
        return scopes.flatMap { scope in
            StreamsRequest.Order.allCases.flatMap { order in
                [(0, 1000), (3, 7), (0, 0), (2, .max), (-1, 2), (1000, 5)].map { skip, limit in
                    var request = scope
                    request.order = order
                    request.skip = skip
                    request.limit = limit
                    return request
                }
            }
        }
    }

    private func expectSameBlocks(_ index: LogIndex, _ sourceLocation: SourceLocation) throws {
        var parts = index.files.map(\.header.coverage)
        if index.recent.eventCount > 0 { parts.append(index.recent.coverage) }
        let blocks = blocks(parts)
        for block in blocks {
            for position in [block.firstPosition, block.lastPosition] {
                #expect(try index.block(of: position) == block, sourceLocation: sourceLocation)
            }
        }
        #expect(try index.block(of: 0) == nil, sourceLocation: sourceLocation)
        let behind = UInt64(events.count + 1)
        #expect(try index.block(of: behind) == nil, sourceLocation: sourceLocation)
        for event in events {
            for change in [-1, 0, 1] as [Int64] {
                let time = Timestamp(microseconds: event.recordedTime.microseconds + change)
                let found = try index.firstBlock(recordedAtOrAfter: time)
                let first = events.first { $0.recordedTime >= time }
                #expect((found == nil) == (first == nil), sourceLocation: sourceLocation)
                guard let found, let first else { continue }
                #expect(found.firstPosition <= first.position, sourceLocation: sourceLocation)
                let next = blocks.first { $0.firstPosition > found.lastPosition }
                let isTight = next.map { $0.recordedTime >= time } ?? true
                #expect(isTight, sourceLocation: sourceLocation)
            }
        }
        for selection in selections {
            for positions in [1...UInt64.max, 0...0, 60...70, 64...64, 100...300] {
                var candidates = try index.blocks(for: selection, in: positions)
                var found: [IndexBlock] = []
                while let block = try candidates.next() { found.append(block) }
                let expected = self.blocks(for: selection, in: positions, of: blocks)
                #expect(found == expected, "\(selection)", sourceLocation: sourceLocation)
            }
        }
    }

    private var selections: [EventSelection] {
        let time = Timestamp(microseconds: 1_500)
        let scopes: [EventSelection] = [
            EventSelection(), EventSelection(.category(Category("order"))),
            EventSelection(.category(Category("é"))), EventSelection(types: ["Rare2"]),
            EventSelection(types: ["Rare2", "Rare3", "Ünusual", "Never"]),
            EventSelection(types: ["Never"]),
            EventSelection(tags: [EventTag(key: "a", value: "b:c")]),
            EventSelection(tags: [EventTag(key: "a:b", value: "c")]),
            EventSelection(
                .category(Category("cart")),
                types: ["Made", "Rare2"],
                tags: [EventTag(key: "customer", value: "8"), EventTag(key: "late", value: "é")]
            ),
            EventSelection(fromTime: time), EventSelection(throughTime: time),
            EventSelection(fromTime: time, throughTime: Timestamp(microseconds: 1_510)),
            EventSelection(fromTime: time, throughTime: .epoch),
        ]
        return scopes.flatMap { scope in
            var backwards = scope
            backwards.direction = .backwards
            return [scope, backwards]
        }
    }
}
