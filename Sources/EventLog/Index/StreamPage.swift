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

    private struct Found {
        var stream: StreamEntry
        /// Its place in the order of names.
        var number: Int
    }

    private let request: StreamsRequest
    private let category: [UInt8]
    private let prefix: [UInt8]
    /// The streams that have to be known to tell the page.
    private let countNeeded: Int
    private var matchCount = 0
    private var found: [Found] = []

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
        category.lexicographicallyPrecedes(prefix) ? prefix : category
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
        guard isOfCategory(name) else { return .none }
        let isMatch = request.containing.isEmpty || name.text.contains(request.containing)
        return isMatch ? .match : .none
    }

    private func isOfCategory(_ name: RawSpan) -> Bool {
        if request.category == nil { return true }
        let dash = UInt8(ascii: "-")
        let count = category.count
        return !category.contains(dash)
            && (name.byteCount == count
                || name.unsafeLoad(fromByteOffset: count, as: UInt8.self) == dash)
    }

    /// Takes in the stream that a walk is at, which matches.
    mutating func add(_ walk: StreamWalk) throws(IndexDamage) {
        matchCount += 1
        if request.order == .name, matchCount <= request.skip { return }
        guard let stream = try walk.entry() else { return }
        found.append(Found(stream: stream, number: matchCount))
        // Sorting now and then keeps few entries, and costs little for each.
        if request.order != .name, found.count / 2 > countNeeded { keepFirst() }
    }

    private mutating func keepFirst() {
        sort()
        found.removeLast(max(0, found.count - countNeeded))
    }

    private mutating func sort() {
        switch request.order {
        case .name: return
        case .events:
            found.sort { ($1.stream.eventCount, $0.number) < ($0.stream.eventCount, $1.number) }
        case .recent:
            found.sort { $0.stream.lastAddress > $1.stream.lastAddress }
        }
    }

    /// The page.
    var entries: [StreamEntry] {
        var page = self
        page.sort()
        let skip = request.order == .name ? 0 : max(0, request.skip)
        return page.found.dropFirst(skip).prefix(max(0, request.limit)).map(\.stream)
    }
}
