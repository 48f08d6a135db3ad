package import EventModel

/// Which events belong to which stream, and how often each type occurs.
///
/// Derived from the events alone, in the order of their positions.
package struct EventIndex: Sendable {
    /// What is known of one stream.
    package struct Stream: Sendable {
        /// The positions of its events; the index is the sequence.
        package var positions: [UInt64]
        package var firstTime: Timestamp
        package var lastTime: Timestamp
    }

    private var streamNames = NameTable()
    private var streams: [Stream] = []
    private var typeNames = NameTable()
    private var censuses: [TypeCensus] = []
    private var censusNumbers: [UInt64: Int] = [:]

    package init() {}

    /// How many streams there are.
    package var streamCount: Int { streams.count }

    /// Takes in the event that follows the last one taken in.
    package mutating func add(_ event: borrowing EventView) {
        let time = event.recordedTime
        let stream = streamNames.numberAdding(event.stream)
        if stream == streams.count {
            streams.append(Stream(positions: [], firstTime: time, lastTime: time))
        }
        streams[stream].positions.append(event.position.number)
        streams[stream].lastTime = time
        addToCensus(event)
    }

    private mutating func addToCensus(_ event: borrowing EventView) {
        let type = typeNames.numberAdding(event.type)
        let key = UInt64(type) << 32 | UInt64(event.revision)
        if let number = censusNumbers[key] {
            censuses[number].add(event)
        } else {
            censusNumbers[key] = censuses.count
            censuses.append(TypeCensus(first: event))
        }
    }

    /// The positions of a stream's events; empty where it does not exist.
    package func positions(of stream: StreamName) -> [UInt64] {
        streamNames.number(of: stream.text).map { streams[$0].positions } ?? []
    }

    /// The last sequence of a stream; nothing where it does not exist.
    package func lastSequence(of stream: RawSpan) -> Sequence? {
        guard let number = streamNames.number(of: stream) else { return nil }
        return Sequence(UInt64(streams[number].positions.count - 1))
    }

    /// The types and revisions, sorted.
    package var census: [TypeCensus] {
        censuses.sorted { ($0.type, $0.revision) < ($1.type, $1.revision) }
    }

    /// What a list says about one stream.
    package func summary(of stream: StreamName) -> StreamSummary? {
        streamNames.number(of: stream.text).map(summary)
    }

    private func summary(_ number: Int) -> StreamSummary {
        StreamSummary(
            stream: StreamName(streamNames.name(number)),
            eventCount: UInt64(streams[number].positions.count),
            lastPosition: Position(streams[number].positions.last ?? 0),
            firstTime: streams[number].firstTime,
            lastTime: streams[number].lastTime
        )
    }

    /// One page of the streams.
    package func summaries(_ request: StreamsRequest) -> [StreamSummary] {
        var matches = streams.indices.map(summary).filter(request.matches)
        switch request.order {
        case .name: matches.sort { $0.stream < $1.stream }
        case .events: matches.sort { ($1.eventCount, $0.stream) < ($0.eventCount, $1.stream) }
        case .recent: matches.sort { $0.lastPosition > $1.lastPosition }
        }
        return Array(matches.dropFirst(max(0, request.skip)).prefix(max(0, request.limit)))
    }
}

extension StreamsRequest {
    /// Whether a stream is one of those asked for, leaving order and page aside.
    fileprivate func matches(_ summary: StreamSummary) -> Bool {
        if let category, summary.stream.category != category { return false }
        let name = summary.stream.text
        return !name.utf8.lexicographicallyPrecedes(from.utf8)
            && (prefix.isEmpty || name.utf8.starts(with: prefix.utf8))
            && (containing.isEmpty || name.contains(containing))
    }
}
