import EventModel
import EventStorage

/// Gathers one page of streams that come in the order of their names.
struct StreamPage {
    /// How a stream stands to the request.
    enum Match {
        /// It and all that follow are behind those asked for.
        case later
        /// It is not asked for.
        case none
        /// It is asked for.
        case match
    }

    private struct Entry {
        var summary: StreamSummary
        /// Its place in the order of names.
        var number: Int
    }

    private let request: StreamsRequest
    private let category: [UInt8]
    private let prefix: [UInt8]
    /// The streams that have to be known to tell the page.
    private let countNeeded: Int
    private var matchCount = 0
    private var entries: [Entry] = []

    /// Begins an empty page.
    init(_ request: StreamsRequest) {
        self.request = request
        category = Array((request.category?.text ?? "").utf8)
        prefix = Array(request.prefix.utf8)
        let (sum, overflow) = max(0, request.skip).addingReportingOverflow(max(0, request.limit))
        countNeeded = request.limit <= 0 ? 0 : overflow ? .max : sum
    }

    /// No stream before this name is asked for.
    var firstName: [UInt8] {
        let first = category.lexicographicallyPrecedes(prefix) ? prefix : category
        return first.lexicographicallyPrecedes(request.from.utf8) ? Array(request.from.utf8) : first
    }

    /// Whether no other stream can come onto the page.
    var isComplete: Bool {
        countNeeded == 0 || (request.order == .name && matchCount == countNeeded)
    }

    /// How the stream with a name, not before ``firstName``, stands to the request.
    func match(_ name: RawSpan) -> Match {
        guard name.starts(with: prefix.span.bytes), name.starts(with: category.span.bytes) else {
            return .later
        }
        guard request.category == nil || name.category.equals(category) else { return .none }
        let isMatch = request.containing.isEmpty || name.text.contains(request.containing)
        return isMatch ? .match : .none
    }

    /// Takes in a stream that matches.
    mutating func add(_ run: StreamRun, of walk: StreamWalk) throws(IndexDamage) {
        matchCount += 1
        if request.order == .name, matchCount <= request.skip { return }
        let name = try walk.withName { $0.text } ?? ""
        let summary = StreamSummary(
            stream: StreamName(name),
            eventCount: run.endSequence,
            lastPosition: Position(run.lastPosition),
            firstTime: run.firstTime,
            lastTime: run.lastTime
        )
        entries.append(Entry(summary: summary, number: matchCount))
        // Sorting now and then keeps few entries, and costs little for each.
        if request.order != .name, entries.count / 2 > countNeeded { keepFirst() }
    }

    private mutating func keepFirst() {
        sort()
        entries.removeLast(max(0, entries.count - countNeeded))
    }

    private mutating func sort() {
        switch request.order {
        case .name: return
        case .events:
            entries.sort {
                ($1.summary.eventCount, $0.number) < ($0.summary.eventCount, $1.number)
            }
        case .recent:
            entries.sort { $0.summary.lastPosition > $1.summary.lastPosition }
        }
    }

    /// The page.
    var summaries: [StreamSummary] {
        var page = self
        page.sort()
        let skip = request.order == .name ? 0 : max(0, request.skip)
        return page.entries.dropFirst(skip).prefix(max(0, request.limit)).map(\.summary)
    }
}
