import EventModel
import EventStorage
import Testing

private func listing(_ sequence: UInt64, _ fingerprint: String = "1") -> SnapshotListing {
    SnapshotListing(
        sequence: Sequence(sequence),
        fingerprint: fingerprint,
        takenTime: .epoch,
        size: 1
    )
}

private func kept(_ listings: [SnapshotListing]) -> [String] {
    let superfluous = SnapshotThinning.superfluous(among: listings, fingerprint: "1")
    return listings.filter { !superfluous.contains($0) }
        .map { "\($0.sequence) \($0.fingerprint)" }
}

@Test func `the newest four are kept, and one in each run of older sequences`() {
    let sequences: [UInt64] = [3100, 3050, 3000, 2950, 2900, 2850, 2048, 2047, 1500, 1024, 900, 7]
    #expect(
        kept(sequences.map { listing($0) })
            == ["3100 1", "3050 1", "3000 1", "2950 1", "2900 1", "2047 1", "900 1"]
    )
    #expect(kept([]) == [])
}

@Test func `those of other rules go once a usable one stands at their sequence or later`() {
    #expect(kept([listing(30, "0"), listing(20, "0")]) == ["30 0", "20 0"])
    #expect(kept([listing(30, "0"), listing(20), listing(10, "0")]) == ["30 0", "20 1"])
    #expect(kept([listing(20), listing(20, "0"), listing(10, "0")]) == ["20 1"])
    #expect(kept([listing(20, "0"), listing(20), listing(10, "0")]) == ["20 1"])
}

@Test func `saved one after the other they stay few, and near every sequence`() {
    let store = InMemorySnapshotStore()
    let stream = StreamName("cart-1")
    for sequence in stride(from: UInt64(49), to: 20_000, by: 50) {
        #expect(throws: Never.self) {
            try store.keep(
                Snapshot(
                    stream: stream,
                    sequence: Sequence(sequence),
                    position: Position(sequence + 1),
                    eventID: EventID(high: 0, low: sequence),
                    latestTime: .epoch,
                    fingerprint: "1",
                    takenTime: .epoch,
                    state: []
                )
            )
        }
    }
    let sequences = store.list(of: stream).map(\.sequence.number)
    #expect(sequences.count <= 4 + 20_000 / 1024 + 1)
    let gaps = zip(sequences, sequences.dropFirst() + [0]).map { $0 - $1 }
    #expect(gaps.allSatisfy { $0 <= 1024 + 50 }, "\(gaps)")
}
