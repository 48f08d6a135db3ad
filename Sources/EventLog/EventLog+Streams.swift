public import EventModel
public import EventStorage

extension EventLog {
    /// What a list says about one stream; nothing where it has no event.
    ///
    /// - Throws: ``StorageError`` where its first or its last event cannot be read.
    public func stream(_ name: StreamName) throws(StorageError) -> StreamSummary? {
        let entry = try withIndex { (index) throws(IndexDamage) in
            try index.entry(of: name.text.utf8.span.bytes)
        }
        guard let entry else { return nil }
        return try summaries(of: [entry]).first
    }

    /// One page of the streams.
    ///
    /// Reads two events of the log for each stream on it, in the order in which they lie there.
    ///
    /// - Throws: ``StorageError`` where one of them cannot be read.
    public func streams(_ request: StreamsRequest) throws(StorageError) -> [StreamSummary] {
        try summaries(of: withIndex { (index) throws(IndexDamage) in try index.entries(request) })
    }

    /// How many streams there are.
    public func streamCount() throws(StorageError) -> Int {
        try withIndex { (index) throws(IndexDamage) in index.streamCount }
    }

    /// What the first and the last events of streams add to what the index knows of them.
    private func summaries(
        of entries: [StreamEntry]
    ) throws(StorageError) -> [StreamSummary] {
        // Asked for after the entries, the files hold every address in them.
        var reader = EventReader(try withCurrentState { (state) in state.files })
        var summaries = entries.map {
            StreamSummary(
                stream: $0.stream,
                eventCount: $0.eventCount,
                lastPosition: .start,
                firstTime: .epoch,
                lastTime: .epoch
            )
        }
        for number in entries.order(by: { $0.firstAddress }) {
            summaries[number].firstTime = try reader.withEvent(at: entries[number].firstAddress) {
                $0.recordedTime
            }
        }
        for number in entries.order(by: { $0.lastAddress }) {
            let (position, time) = try reader.withEvent(at: entries[number].lastAddress) {
                ($0.position, $0.recordedTime)
            }
            summaries[number].lastPosition = position
            summaries[number].lastTime = time
        }
        return summaries
    }
}

extension [StreamEntry] {
    /// The indices in the order of an address.
    fileprivate func order(by address: (StreamEntry) -> UInt64) -> [Int] {
        indices.sorted { address(self[$0]) < address(self[$1]) }
    }
}
