public import EventModel
public import OperationsModel

/// The list of streams, of which a window is held.
public struct AggregatesState: Sendable {
    /// The streams held.
    public internal(set) var window: [StreamSummary] = []
    /// How many streams come before the first one held.
    public internal(set) var windowStart = 0
    /// How many streams there are; nothing while the end has not been seen.
    public internal(set) var knownCount: Int?
    /// Which stream is selected, by its place among those held.
    public internal(set) var cursor = ListCursor<StreamName>()
    /// What narrows the list, as typed.
    public internal(set) var filter = ""
    /// What decides which stream comes first.
    public internal(set) var order = StreamsRequest.Order.name

    /// How long commands took, the slowest first; nothing before the answer.
    public internal(set) var commands: [CommandSummary]?

    /// Which place of the whole list is wanted once the window around it is there.
    var target: Int?

    static let windowLimit = 300

    /// The place of the selected stream in the whole list, from 0.
    public var absoluteIndex: Int { windowStart + cursor.index }

    /// The selected stream.
    public var selected: StreamSummary? {
        window.indices.contains(cursor.index) ? window[cursor.index] : nil
    }

    /// Whether there are commands of any category, so that there is room for them.
    public var hasCommands: Bool { commands?.isEmpty == false }

    /// The commands of the selected stream's category, the slowest first; of all where it has none.
    public var shownCommands: (category: Category?, commands: [CommandSummary]) {
        let all = commands ?? []
        let category = selected?.stream.category
        let ofSelected = all.filter { $0.category == category }
        return ofSelected.isEmpty ? (nil, all) : (category, ofSelected)
    }

    /// The page to ask for, around a place of the whole list.
    func request(around index: Int) -> StreamsRequest {
        StreamsRequest(
            containing: filter,
            order: order,
            skip: max(0, index - Self.windowLimit / 3) / 50 * 50,
            limit: Self.windowLimit
        )
    }

    /// Takes a page.
    mutating func take(
        _ page: [StreamSummary],
        for request: StreamsRequest,
        rows: Int,
        at now: Timestamp
    ) {
        let isSameWindow = request.skip == windowStart && target == nil
        let offset = cursor.index - cursor.top
        window =
            isSameWindow && order != .name && cursor.holdsOrder(at: now)
            ? keepingOrder(of: window.map(\.stream), page, identity: \.stream) : page
        let previousIndex = absoluteIndex
        windowStart = request.skip
        if page.count < request.limit {
            knownCount = page.isEmpty && request.skip > 0 ? nil : request.skip + page.count
        } else if let known = knownCount, known < request.skip + page.count {
            knownCount = nil
        }
        let names = window.map(\.stream)
        if isSameWindow {
            cursor.reconcile(with: names, rows: rows)
        } else {
            let index = (target ?? previousIndex) - windowStart
            cursor.top = max(0, index - offset)
            cursor.select(index, in: names, rows: rows)
            target = nil
        }
    }

    mutating func clear() {
        window = []
        windowStart = 0
        knownCount = nil
        cursor = ListCursor()
        target = nil
    }
}
