import EventModel
public import EventStorage
public import Testing

/// What every snapshot store must do: run each case against a fresh, empty store.
///
/// ```swift
/// @Test("snapshots in memory are kept", arguments: SnapshotStoreConformance.all)
/// func conformanceInMemory(_ demand: SnapshotStoreConformance) throws {
///     try demand.check(InMemorySnapshotStore())
/// }
/// ```
public struct SnapshotStoreConformance: Sendable, CustomTestStringConvertible {
    /// What the case demands, in words.
    public let testDescription: String
    private let body: @Sendable (any SnapshotStore) throws -> Void

    /// Runs the case; what the store does wrong is recorded as an issue of the current test.
    ///
    /// - Throws: what the store throws where it should not.
    public func check(_ store: any SnapshotStore) throws {
        try body(store)
    }

    private init(_ demand: String, _ body: @escaping @Sendable (any SnapshotStore) throws -> Void) {
        testDescription = demand
        self.body = body
    }

    /// All cases.
    public static let all = [
        SnapshotStoreConformance("a snapshot comes back as it was saved") { store in
            let snapshot = snapshot("cart-é", 7)
            try store.save(snapshot)
            let request = SnapshotRequest(of: snapshot.stream, fingerprint: "rules 1")
            #expect(try store.newest(request) == snapshot)
            #expect(try store.list(of: snapshot.stream) == [SnapshotListing(snapshot)])
        },
        SnapshotStoreConformance("several snapshots of a stream are kept, newest first") { store in
            for sequence in [UInt64](arrayLiteral: 20, 10, 30) {
                try store.save(snapshot("cart-1", sequence))
            }
            try store.save(snapshot("cart-2", 40))
            let listed = try store.list(of: StreamName("cart-1"))
            #expect(listed.map(\.sequence.number) == [30, 20, 10])
        },
        SnapshotStoreConformance("the newest within every bound is found") { store in
            for sequence in [UInt64](arrayLiteral: 10, 20, 30) {
                try store.save(snapshot("cart-1", sequence))
            }
            #expect(try newest(in: store) { _ in } == 30)
            #expect(try newest(in: store) { $0.throughSequence = Sequence(20) } == 20)
            #expect(try newest(in: store) { $0.throughSequence = Sequence(9) } == nil)
            #expect(try newest(in: store) { $0.throughPosition = Position(1029) } == 20)
            #expect(try newest(in: store) { $0.throughTime = Timestamp(microseconds: 10) } == 10)
            #expect(try newest(in: store) { $0.stream = StreamName("cart-2") } == nil)
        },
        SnapshotStoreConformance("a snapshot with another fingerprint is ignored") { store in
            try store.save(snapshot("cart-1", 10))
            try store.save(snapshot("cart-1", 20, fingerprint: "rules 2"))
            let request = SnapshotRequest(of: StreamName("cart-1"), fingerprint: "rules 1")
            #expect(try store.newest(request)?.sequence == Sequence(10))
        },
        SnapshotStoreConformance("saving again replaces, removing removes") { store in
            var snapshot = snapshot("cart-1", 10)
            try store.save(snapshot)
            snapshot.state = Array("{}".utf8)
            try store.save(snapshot)
            #expect(try store.list(of: snapshot.stream) == [SnapshotListing(snapshot)])
            try store.remove(of: snapshot.stream, at: Sequence(10))
            try store.remove(of: snapshot.stream, at: Sequence(10))
            #expect(try store.list(of: snapshot.stream) == [])
        },
        SnapshotStoreConformance("only the snapshots that are named are removed") { store in
            for fingerprint in ["rules 0", "rules 1"] {
                try store.save(snapshot("cart-1", 10, fingerprint: fingerprint))
                try store.save(snapshot("cart-1", 20, fingerprint: fingerprint))
            }
            let removed = [
                SnapshotListing(snapshot("cart-1", 10, fingerprint: "rules 0")),
                SnapshotListing(snapshot("cart-1", 30)),
            ]
            try store.remove(removed, of: StreamName("cart-1"))
            try store.remove(removed, of: StreamName("cart-2"))
            let left = try store.list(of: StreamName("cart-1"))
                .map { "\($0.sequence) \($0.fingerprint)" }
            #expect(left.sorted() == ["10 rules 1", "20 rules 0", "20 rules 1"])
        },
        SnapshotStoreConformance("totals count a category alone") { store in
            let empty = try store.totals(of: Category("cart"), fingerprint: "rules 1")
            #expect(empty == SnapshotTotals())
            for sequence in [UInt64](arrayLiteral: 10, 20) {
                try store.save(snapshot("cart-1", sequence))
            }
            try store.save(snapshot("cart-2", 5, fingerprint: "rules 0"))
            try store.save(snapshot("cart", 3))
            try store.save(snapshot("carton-1", 50))
            let size = snapshot("cart-1", 10).state.count
            let totals = SnapshotTotals(
                snapshotCount: 4,
                ignoredCount: 1,
                size: 2 * size + 2 * (size - 1)
            )
            #expect(try store.totals(of: Category("cart"), fingerprint: "rules 1") == totals)
        },
        SnapshotStoreConformance("streams with snapshots are listed in pages") { store in
            for sequence in [UInt64](arrayLiteral: 10, 20) {
                try store.save(snapshot("cart-1", sequence))
                try store.save(snapshot("cart-2", sequence, fingerprint: "rules \(sequence / 10)"))
            }
            try store.save(snapshot("cart-3", 0, fingerprint: "rules 0"))
            try store.save(snapshot("cart-4", 0))
            try store.save(snapshot("carton-1", 50))
            let all = [
                streamSnapshots("cart-1", 20, usable: 20),
                streamSnapshots("cart-2", 20, usable: 10),
                streamSnapshots("cart-3", 0, usable: nil),
                streamSnapshots("cart-4", 0, usable: 0),
            ]
            #expect(all.map(\.isOutdated) == [false, true, true, false])
            var request = SnapshotStreamsRequest(of: Category("cart"), fingerprint: "rules 1")
            #expect(try store.streams(request) == all)
            request.through = StreamName("cart-3")
            request.from = "cart-1\0"
            #expect(try store.streams(request) == Array(all[1...2]))
            request.limit = 1
            #expect(try store.streams(request) == [all[1]])
            request.through = nil
            request.from = "cart-5"
            #expect(try store.streams(request) == [])
        },
    ]

    private static func streamSnapshots(
        _ stream: String,
        _ newest: UInt64,
        usable: UInt64?
    ) -> StreamSnapshots {
        StreamSnapshots(
            stream: StreamName(stream),
            newest: Sequence(newest),
            newestUsable: usable.map { Sequence($0) }
        )
    }

    /// The sequence of the newest snapshot of a stream within bounds.
    private static func newest(
        in store: any SnapshotStore,
        _ change: (inout SnapshotRequest) -> Void
    ) throws -> UInt64? {
        var request = SnapshotRequest(of: StreamName("cart-1"), fingerprint: "rules 1")
        change(&request)
        return try store.newest(request)?.sequence.number
    }

    /// A snapshot whose parts follow from its sequence.
    private static func snapshot(
        _ stream: String,
        _ sequence: UInt64,
        fingerprint: String = "rules 1"
    ) -> Snapshot {
        Snapshot(
            stream: StreamName(stream),
            sequence: Sequence(sequence),
            position: Position(1000 + sequence),
            eventID: EventID(high: .max, low: sequence),
            latestTime: Timestamp(microseconds: Int64(sequence)),
            fingerprint: fingerprint,
            takenTime: Timestamp(microseconds: -Int64(sequence)),
            state: Array(#"{"count":\#(sequence)}"#.utf8)
        )
    }
}
