public import EventModel

/// What a store lists of its streams, in the order of their names, page by page, so that memory
/// does not grow with their number.
public struct StreamPages<Element> {
    private typealias List =
        (_ firstName: String, _ countMax: Int) throws(StorageError) -> [Element]

    private let list: List
    private let stream: KeyPath<Element, StreamName>
    /// Where the next page begins, by the order of bytes; nothing after the last.
    private var firstName: String? = ""

    private init(_ stream: KeyPath<Element, StreamName>, _ list: @escaping List) {
        self.list = list
        self.stream = stream
    }

    /// The next streams; empty after the last.
    public mutating func next() throws(StorageError) -> [Element] {
        guard let name = firstName else { return [] }
        let countMax = 4096
        let page = try list(name, countMax)
        firstName = page.count < countMax ? nil : page.last.map { $0[keyPath: stream].text + "\0" }
        return page
    }
}

extension StreamPages<StreamSummary> {
    /// Begins before the first stream of a store.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - category: only streams of this category; nothing means all.
    public init(of store: any EventStore, category: Category? = nil) {
        self.init(\.stream) { (name, countMax) throws(StorageError) in
            try store.streams(StreamsRequest(category: category, from: name, limit: countMax))
        }
    }
}

extension StreamPages<StreamSnapshots> {
    /// Begins before the first stream of a category that has snapshots.
    ///
    /// - Parameters:
    ///   - category: only streams of this category.
    ///   - fingerprint: that of the snapshots that can be used.
    ///   - snapshots: where snapshots are kept.
    public init(
        of category: Category,
        fingerprint: String,
        in snapshots: any SnapshotStore
    ) {
        self.init(\.stream) { (name, countMax) throws(StorageError) in
            try snapshots.streams(
                SnapshotStreamsRequest(
                    of: category,
                    fingerprint: fingerprint,
                    from: name,
                    limit: countMax
                )
            )
        }
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
