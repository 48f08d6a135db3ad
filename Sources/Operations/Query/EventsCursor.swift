import EventLog
import EventModel
import EventStorage
import SQLiteDatabase

/// Goes through the events of the log, of which it holds one chunk at a time.
final class EventsCursor: SQLiteTableCursor {
    /// The events of the first chunk; a query that needs few does not pay for many.
    private static let firstChunkCount = 16
    /// The events of a chunk at most.
    private static let chunkCountMax = 512
    /// The bytes of a chunk after which no event is added.
    private static let chunkSizeMax = 1 << 20
    /// The positions that are looked at between two looks at the clock.
    private static let windowCount: UInt64 = 1 << 16

    private let session: QuerySession
    private var conditions = EventConditions([])
    private var selection = EventSelection()
    /// The positions not looked at yet; none where the first is behind the last.
    private var rest: (first: UInt64, last: UInt64) = (1, 0)
    private var chunk = EventChunk()
    private var chunkCount = 0
    private var index = 0

    init(_ session: QuerySession) {
        self.session = session
    }

    func start(_ conditions: [SQLiteCondition], isDescending: Bool) throws(SQLiteError) {
        self.conditions = EventConditions(conditions)
        selection = self.conditions.selection
        selection.direction = isDescending ? .backwards : .forwards
        rest = try positions(for: self.conditions)
        chunkCount = EventsCursor.firstChunkCount
        try fill()
    }

    func advance() throws(SQLiteError) {
        index += 1
        guard index == chunk.entries.count else { return }
        chunkCount = min(chunkCount * 4, EventsCursor.chunkCountMax)
        try fill()
    }

    var isAtEnd: Bool { index >= chunk.entries.count }

    var rowIdentifier: Int64 { Int64(chunk.entries[index].position.number) }

    /// Copies the next events into the chunk, until it is full or none is left.
    private func fill() throws(SQLiteError) {
        index = 0
        chunk.removeAll()
        while chunk.entries.isEmpty, rest.first <= rest.last {
            try session.checkTime()
            try fill(from: nextWindow)
        }
    }

    /// The positions to look at next.
    ///
    /// The events of one stream are found without looking at others.
    private var nextWindow: (first: UInt64, last: UInt64) {
        let distance = EventsCursor.windowCount << (conditions.stream == nil ? 0 : 5)
        guard rest.last - rest.first >= distance else { return rest }
        return selection.direction == .forwards
            ? (rest.first, rest.first + distance - 1) : (rest.last - distance + 1, rest.last)
    }

    private func fill(from window: (first: UInt64, last: UInt64)) throws(SQLiteError) {
        var selection = selection
        selection.after = Position(window.first - 1)
        selection.through = Position(window.last)
        var filled = EventChunk()
        swap(&filled, &chunk)
        let (times, countMax) = (conditions.times, chunkCount)
        defer { swap(&filled, &chunk) }
        var isFull = false
        try session.reading {
            try session.log.read(selection) { event in
                guard times.contains(event.eventTime) else { return .more }
                filled.add(event)
                isFull =
                    filled.entries.count >= countMax
                    || filled.bytes.count >= EventsCursor.chunkSizeMax
                return isFull ? .stop : .more
            }
        }
        let reached = isFull ? filled.entries.last?.position.number : nil
        if selection.direction == .forwards {
            rest.first = (reached ?? window.last) + 1
        } else {
            rest.last = (reached ?? window.first) - 1
        }
    }
}

extension EventsCursor {
    /// The positions that events must have to meet conditions.
    private func positions(
        for conditions: EventConditions
    ) throws(SQLiteError) -> (first: UInt64, last: UInt64) {
        let nothing: (first: UInt64, last: UInt64) = (1, 0)
        guard !conditions.isImpossible, !conditions.positions.isEmpty,
            !conditions.sequences.isEmpty
        else { return nothing }
        var first = max(1, UInt64(conditions.positions.first))
        var last = min(try session.head().number, UInt64(conditions.positions.last))
        // A lookup by position need not look for the type first.
        if let type = conditions.type, last > first {
            let census = try session.reading { try session.log.census() }
                .filter { $0.type == type }
            first = max(first, census.map(\.firstPosition.number).min() ?? .max)
            last = min(last, census.map(\.lastPosition.number).max() ?? 0)
        }
        let times = conditions.recordedTimes
        guard times != TimeTextRange(), first <= last else { return (first, last) }
        first = try position(in: first...last) { $0 >= times.first }
        guard first <= last else { return nothing }
        // What is recorded after the year 9999 always belongs to the range.
        if times.contains(try recordedTime(last)) { return (first, last) }
        return (first, try position(in: first...last) { $0 > times.last } - 1)
    }

    /// The first position whose recorded time, which never decreases, is so late that a predicate
    /// holds; the one behind the last where there is none.
    private func position(
        in range: ClosedRange<UInt64>,
        where isLate: (Timestamp) -> Bool
    ) throws(SQLiteError) -> UInt64 {
        var (low, high) = (range.lowerBound, range.upperBound + 1)
        while low < high {
            let middle = low + (high - low) / 2
            if isLate(try recordedTime(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func recordedTime(_ number: UInt64) throws(SQLiteError) -> Timestamp {
        var time = Timestamp.epoch
        let selection = EventSelection(after: Position(number - 1), through: Position(number))
        try session.reading {
            try session.log.read(selection) { event in
                time = event.recordedTime
                return .stop
            }
        }
        return time
    }
}

extension EventsCursor {
    func value(ofColumn column: Int, to result: borrowing SQLiteResult) throws(SQLiteError) {
        guard let column = EventColumn(number: column) else { return }
        let entry = chunk.entries[index]
        switch column {
        case .position: result.integer(Int64(entry.position.number))
        case .stream: result.text(bytes.span.extracting(entry.stream))
        case .category:
            let name = bytes.span.extracting(entry.stream)
            result.text(name.extracting(first: name.categoryCount))
        case .sequence: result.integer(Int64(entry.sequence.number))
        case .id: result.text(entry.id.description)
        case .type: result.text(bytes.span.extracting(entry.type))
        case .revision: result.integer(Int64(entry.revision))
        case .time: result.text(entry.eventTime.description)
        case .recordedTime: result.text(entry.recordedTime.description)
        case .data:
            session.readPosition = entry.position
            result.textOrBlob(bytes.span.extracting(entry.payload))
        case .metadata:
            session.readPosition = entry.position
            if !entry.metadata.isEmpty { result.textOrBlob(bytes.span.extracting(entry.metadata)) }
        }
    }

    private var bytes: [UInt8] { chunk.bytes }
}

extension Span<UInt8> {
    /// How many bytes of a stream's name are its category.
    fileprivate var categoryCount: Int {
        indices.first { self[$0] == UInt8(ascii: "-") } ?? count
    }
}

extension SQLiteResult {
    /// Hands over text where the bytes are UTF-8, else the bytes.
    ///
    /// Text with a NUL in it is no text to SQLite, whose functions end there.
    fileprivate borrowing func textOrBlob(_ bytes: Span<UInt8>) {
        let hasNUL = bytes.withUnsafeBytes { $0.contains(0) }
        if !hasNUL, (try? UTF8Span(validating: bytes)) != nil {
            text(bytes)
        } else {
            blob(bytes)
        }
    }
}
