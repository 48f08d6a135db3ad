public import EventModel

/// The streams of a store in the order of their names, page by page, so that memory does not grow
/// with their number.
public struct StreamPages {
    private let store: any EventStore
    private var request: StreamsRequest?

    /// Begins before the first stream.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - category: only streams of this category; nothing means all.
    public init(of store: any EventStore, category: Category? = nil) {
        self.store = store
        request = StreamsRequest(category: category, limit: StreamPages.size)
    }

    private static let size = 4096

    /// The next streams; empty after the last.
    public mutating func next() throws(StorageError) -> [StreamSummary] {
        guard var request else { return [] }
        let page = try store.streams(request)
        if let last = page.last, page.count == request.limit {
            request.from = last.stream.text + "\0"
            self.request = request
        } else {
            self.request = nil
        }
        return page
    }
}

extension EventStore {
    /// The categories of the streams, sorted, those of the system left out.
    ///
    /// - Complexity: one look at the names for each category, however many streams it has.
    public func categories() throws(StorageError) -> [Category] {
        var categories: Set<Category> = []
        var request = StreamsRequest(limit: 1)
        while let stream = try streams(request).first?.stream {
            if !stream.isSystem { categories.insert(stream.category) }
            // Behind all names with a category and a dash comes the category with a dot.
            let hasIdentifier = stream.category.text != stream.text
            request.from = hasIdentifier ? stream.category.text + "." : stream.text + "\0"
        }
        return categories.sorted()
    }
}
