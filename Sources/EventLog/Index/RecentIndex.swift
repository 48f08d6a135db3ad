import EventModel
import EventStorage

/// The index of the events behind the last index file, in memory.
///
/// Adding an event takes no allocation but for the growth of arrays. A copy shares its memory with
/// the original until that takes in an event, and then costs a few dozen bytes for each event.
struct RecentIndex: Sendable {
    /// A stream, and which of its events came last.
    struct Stream {
        var run: StreamRun
        var lastEvent: UInt32
        var categoryTerm: Int

        /// Takes in its next event, which has a number among all events.
        fileprivate mutating func add(_ event: borrowing EventView, number: UInt32) {
            run.count += 1
            run.lastPosition = event.position.number
            run.lastTime = event.recordedTime
            lastEvent = number
        }
    }

    /// Where an event begins, and the number of its stream's event before plus 1.
    private struct Event {
        var address: UInt32
        var previous: UInt32
    }

    /// Whose index it is.
    let origin: IndexOrigin
    /// The position of the first event that belongs here.
    let firstPosition: UInt64
    /// Where the log goes on behind the last index file.
    let startAddress: UInt64
    /// When the last event was recorded.
    private(set) var lastTime = Timestamp.epoch
    /// The number of streams that begin here.
    private(set) var newStreamCount = 0
    /// The names of the streams.
    private(set) var names = NameArena()
    private(set) var streams: [Stream] = []
    private(set) var identities: HashSlots
    private(set) var blocks: [BlockRow] = []
    private(set) var terms = RecentTerms()
    private var typeCensus = RecentCensus()
    private var events: [Event] = []

    /// Makes the index of no events.
    ///
    /// - Parameters:
    ///   - origin: whose index it is.
    ///   - firstPosition: the position of the first event to come.
    ///   - startAddress: not behind its record.
    ///   - count: how many events there will be about.
    init(
        origin: IndexOrigin,
        firstPosition: UInt64,
        startAddress: UInt64,
        expecting count: Int = 0
    ) {
        self.origin = origin
        self.firstPosition = firstPosition
        self.startAddress = startAddress
        identities = HashSlots(expecting: count)
        events.reserveCapacity(count)
    }

    /// The number of events.
    var eventCount: Int { events.count }

    /// The position of the last event; the one before the first where there is none.
    var lastPosition: UInt64 { firstPosition + UInt64(events.count) - 1 }

    /// Where the last event begins; the start where there is none.
    var lastAddress: UInt64 { startAddress + UInt64(events.last?.address ?? 0) }

    /// Types and revisions in the order in which they first come up.
    var census: [TypeCensus] { typeCensus.rows }

    /// Takes in the event that follows the last one taken in.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - address: where it begins.
    ///   - recordAddress: where its record begins.
    mutating func add(_ event: borrowing EventView, address: UInt64, recordAddress: UInt64) {
        precondition(
            event.position.number == firstPosition + UInt64(events.count),
            "Events are added to an index one after the other."
        )
        precondition(
            startAddress <= recordAddress && recordAddress <= address
                && address - startAddress <= IndexFormat.spanMax,
            "An event lies in its record, and not too far from the start of the index."
        )
        let block = addBlock(event, address: address, recordAddress: recordAddress)
        addStream(event, address: UInt32(address - startAddress), block: block)
        typeCensus.add(event, hash: origin.hashes.type(event.type), block: block, in: &terms)
        if !event.tagBytes.isEmpty { addTags(event.tagBytes, block: block) }
        identities.insert(origin.hashes.identity(event.id), events.count - 1)
        lastTime = event.recordedTime
    }

    /// Takes in that the next event has a place and a time.
    ///
    /// - Returns: the number of its block.
    private mutating func addBlock(
        _ event: borrowing EventView,
        address: UInt64,
        recordAddress: UInt64
    ) -> UInt32 {
        let number =
            IndexFormat.blockNumber(of: event.position.number)
            - IndexFormat.blockNumber(of: firstPosition)
        if Int(number) < blocks.count {
            blocks[Int(number)].include(event.eventTime)
        } else {
            blocks.append(
                BlockRow(
                    address: UInt32(address - startAddress),
                    recordDistance: UInt32(address - recordAddress),
                    earliest: event.eventTime,
                    latest: event.eventTime,
                    recordedTime: event.recordedTime
                )
            )
        }
        return UInt32(number)
    }

    private mutating func addStream(
        _ event: borrowing EventView,
        address: UInt32,
        block: UInt32
    ) {
        let hash = origin.hashes.stream(event.stream)
        let last = UInt32(events.count)
        guard let number = names.number(of: event.stream, hash: hash) else {
            _ = names.add(event.stream, hash: hash)
            streams.append(newStream(event, block: block))
            events.append(Event(address: address, previous: 0))
            return
        }
        events.append(Event(address: address, previous: streams[number].lastEvent + 1))
        streams[number].add(event, number: last)
        terms.add(term: streams[number].categoryTerm, block: block)
    }

    private mutating func newStream(_ event: borrowing EventView, block: UInt32) -> Stream {
        if event.sequence == .first { newStreamCount += 1 }
        let category = event.stream.category
        return Stream(
            run: StreamRun(
                firstSequence: event.sequence.number,
                count: 1,
                lastPosition: event.position.number,
                firstTime: event.recordedTime,
                lastTime: event.recordedTime,
                firstAddress: 0
            ),
            lastEvent: UInt32(events.count),
            categoryTerm: terms.add(origin.hashes.category(category), block: block)
        )
    }

    private mutating func addTags(_ tags: RawSpan, block: UInt32) {
        var reader = EncodingReader(tags)
        while !reader.isAtEnd, let key = try? reader.counted(), let value = try? reader.counted() {
            terms.add(origin.hashes.tag(key: key, value: value), block: block)
        }
    }

    /// Calls `body` with where the events of a stream begin, relative to the start, last first.
    func forEachAddress(of stream: Stream, _ body: (UInt32) -> Void) {
        var next = stream.lastEvent + 1
        while next > 0 {
            let event = events[Int(next - 1)]
            body(event.address)
            next = event.previous
        }
    }
}
