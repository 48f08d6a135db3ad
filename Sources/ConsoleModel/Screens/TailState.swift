public import EventModel
public import OperationsModel

/// The live tail of events.
public struct TailState: Sendable {
    /// The events held, oldest first.
    public internal(set) var events: [EventSummary] = []
    /// Which event is selected.
    public internal(set) var cursor = ListCursor<Position>()
    /// What narrows the list, as typed.
    public internal(set) var filter = ""
    /// Whether the newest event is kept in sight.
    public internal(set) var isFollowing = true
    /// Whether the payload of the selected event is open where there is no room beside the list.
    public internal(set) var isDetailOpen = false
    /// The first line of the open payload that is shown.
    public internal(set) var detailTop = 0
    /// The selected event with its payload.
    public internal(set) var detail: EventDetail?
    /// How many events were passed over since they came faster than they are shown.
    public internal(set) var skippedCount: UInt64 = 0
    /// Whether the list starts with the first event there is.
    public internal(set) var reachesStart = false

    /// How far the filter has looked.
    var scanned = Position.start
    /// The head that was known when the outstanding question was asked.
    var headAsked = Position.start
    /// The position an operator wants to go to.
    var target: Position?

    static let pageLimit = 200
    static let followLimit = 2000
    static let heldMaximum = 2000

    /// The selected event.
    public var selected: EventSummary? {
        events.indices.contains(cursor.index) ? events[cursor.index] : nil
    }

    /// Which events to ask for, following the filter's `type:Name` words.
    func request(
        _ range: EventsRequest.Range,
        limit: Int = TailState.pageLimit
    ) -> EventsRequest {
        var types: [EventType] = []
        var words: [Substring] = []
        for word in filter.split(separator: " ") {
            if word.hasPrefix("type:") {
                let name = word.dropFirst(5)
                if !name.isEmpty { types.append(EventType(String(name))) }
            } else {
                words.append(word)
            }
        }
        return EventsRequest(
            range: range,
            types: types,
            containing: words.joined(separator: " "),
            limit: limit
        )
    }

    mutating func clear() {
        events = []
        scanned = .start
        skippedCount = 0
        reachesStart = false
        cursor = ListCursor()
        detail = nil
        detailTop = 0
    }

    /// Takes the answer to a question for the newest events.
    mutating func take(_ page: [EventSummary], for request: EventsRequest, rows: Int) {
        if case .after(let position) = request.range {
            let fresh = page.filter { $0.position > (events.last?.position ?? .start) }
            if page.count >= request.limit, let last = page.last, headAsked > last.position {
                let passed = headAsked.number - position.number
                skippedCount += passed - min(passed, UInt64(Self.pageLimit))
                scanned = .start
                return
            }
            events.append(contentsOf: fresh)
            if events.count > Self.heldMaximum {
                events.removeFirst(events.count - Self.heldMaximum)
                reachesStart = false
            }
        } else {
            events = page.reversed()
            reachesStart = page.count < request.limit
        }
        scanned = max(headAsked, events.last?.position ?? .start)
        let positions = events.map(\.position)
        if let wanted = target {
            target = nil
            let place = positions.lastIndex { $0 <= wanted } ?? 0
            cursor.top = max(0, place - rows / 2)
            cursor.select(place, in: positions, rows: rows)
        } else if isFollowing {
            cursor.select(events.count - 1, in: positions, rows: rows)
        } else {
            cursor.reconcile(with: positions, rows: rows)
        }
    }

    /// Takes the answer to a question for events before those held, newest first.
    mutating func takeOlder(_ page: [EventSummary], limit: Int, rows: Int) {
        guard let first = events.first else { return }
        events.insert(contentsOf: page.reversed().filter { $0.position < first.position }, at: 0)
        if events.count > Self.heldMaximum { events.removeLast(events.count - Self.heldMaximum) }
        reachesStart = page.count < limit
        cursor.reconcile(with: events.map(\.position), rows: rows)
    }
}
