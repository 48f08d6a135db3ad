import EventModel
import EventStorage

@testable import EventLog

private let origin = IndexOrigin(
    store: EventID(high: 1, low: 2),
    hashes: IndexHashes(seed: 3)
)

/// Opens an index file, asks it everything and merges it.
func openIndexFile(_ bytes: [UInt8]) {
    let output = IndexBytes()
    output.write(sealed(bytes).span.bytes, at: 0)
    guard let file = try? IndexFile(output, firstPosition: 1, origin: origin),
        LogIndex.connectedCount([file.header.coverage]) == 1
    else { return }
    let index = LogIndex(origin: origin, files: [file], startAddress: 4096)
    _ = try? index.census()
    for order in StreamsRequest.Order.allCases {
        _ = try? index.summaries(StreamsRequest(order: order))
    }
    for name in ["cart-1", "order-2", ""] {
        _ = try? index.lastSequence(of: name.utf8.span.bytes)
        let name = name.utf8.span.bytes
        _ = try? index.summary(of: name)
        guard let found = try? index.addresses(of: name), found.sequences.count < 1 << 16 else {
            continue
        }
        var addresses: [UInt64] = []
        try? found.append(found.sequences, to: &addresses)
    }
    for position in [0, 1, 5, 64, 1 << 40, .max] as [UInt64] {
        _ = try? index.block(of: position)
        _ = try? index.candidates(of: [EventID(high: 5, low: position)])
        _ = try? index.firstBlock(recordedAtOrAfter: Timestamp(microseconds: Int64(position >> 1)))
    }
    let selection = EventSelection(types: ["Made"], tags: [EventTag(key: "customer", value: "7")])
    if var blocks = try? index.blocks(for: selection, in: 1...100) {
        while (try? blocks.next()) != nil {}
    }
    try? IndexMerge.merge(index.files, to: IndexBytes())
}

/// Gives bytes the checksums that fit, as far as their header tells where these belong.
private func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    guard bytes.count >= IndexFormat.headerSize else { return bytes }
    let offset = 120 + IndexSection.checksums.rawValue * 16
    let table = bytes.span.bytes.unsafeLoad(fromByteOffset: offset, as: UInt64.self)
    if let start = Int(exactly: table), (4096...bytes.count).contains(start) {
        for (number, first) in stride(from: 4096, to: start, by: 4096).enumerated() {
            guard start + number * 8 + 8 <= bytes.count else { break }
            let found = checksum(bytes, first..<min(first + 4096, start))
            bytes.replace(littleEndian: found, at: start + number * 8)
        }
        let checksums = checksum(bytes, start..<bytes.count)
        bytes.replace(littleEndian: checksums, at: 112)
    }
    let header = checksum(bytes, 8..<4096)
    bytes.replace(littleEndian: header, at: 0)
    return bytes
}

private func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    LogFormat.checksum(bytes.span.bytes.extracting(range), seed: 0)
}

/// An index file as it is written.
func madeIndexFile() -> [UInt8] {
    var recent = RecentIndex(origin: origin, firstPosition: 1, startAddress: 4096)
    for number in UInt64(1)...20 {
        var bytes: [UInt8] = []
        let event = PendingEvent(
            id: EventID(high: 5, low: number),
            type: "Made",
            tags: [EventTag(key: "customer", value: "7")],
            payload: []
        )
        let stream = StreamName(["cart-1", "order-2"][Int(number % 2)])
        EventEncoding.append(
            event,
            stream: stream,
            sequence: Sequence((number - 1) / 2),
            to: &bytes
        )
        guard
            let view = try? EventView(
                encoded: bytes.span.bytes,
                position: Position(number),
                recordedTime: Timestamp(microseconds: 9)
            )
        else { preconditionFailure("An event is read as it was encoded.") }
        recent.add(view, address: 4096 + number * 100, recordAddress: 4096)
    }
    let output = IndexBytes()
    try? recent.encode(to: output, endAddress: 8192, recordChecksum: 1)
    return Array(output.buffer)
}
