import CXXHash
import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting
import Testing

/// A log with one record of three events, to be changed by somebody who knows the format.
private struct HostileRecord {
    let directory = TemporaryDirectory()
    let file: any DiskFile
    var record: [UInt8]
    private let fileChecksum: UInt64

    init() throws {
        let log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 1 << 20)
        )
        _ = try log.append(TestEvents.request(3, to: "cart-1"))
        file = try RealDisk().open(log.directory.log + "/00000000000000000001.log", writable: true)
        fileChecksum = HostileRecord.checksum(try file.read(8..<4096), seed: 0)
        let bytes = try file.read(4096..<file.size())
        let size = bytes.span.bytes.unsafeLoad(fromByteOffset: 12, as: UInt32.self)
        record = Array(bytes[..<(HostileRecord.headerSize + Int(size))])
        try RealDisk().remove(log.directory.log + "/shared")
    }

    /// Where the size of the event with a number stands in the record, in one byte, since no event
    /// has 128; before it are 4 bytes of checksum, 1 of the place, and the distance, which has one
    /// byte up to 127.
    func size(ofEvent number: Int) -> Int {
        var start = HostileRecord.headerSize
        for _ in 0..<number { start = end(ofEventAt: start) }
        return start + (start < 128 ? 6 : 7)
    }

    private func end(ofEventAt start: Int) -> Int {
        let size = start + (start < 128 ? 6 : 7)
        return size + 1 + Int(record[size])
    }

    /// Writes the record with checksums that fit, and opens the log.
    mutating func open() throws -> EventLog {
        let size = HostileRecord.headerSize
        var start = size
        while start + 7 < record.count {
            let end = min(end(ofEventAt: start), record.count)
            let checksum = HostileRecord.checksum(
                Array(record[start + 4..<end]),
                seed: fileChecksum &+ 4096 &+ UInt64(start)
            )
            put(UInt32(truncatingIfNeeded: checksum), at: start)
            start = end
        }
        let seed = fileChecksum &+ 4096
        put(HostileRecord.checksum(Array(record[size...]), seed: seed), at: 56)
        put(HostileRecord.checksum(Array(record[8..<size]), seed: seed), at: 0)
        try file.write(record.span.bytes, at: 4096)
        return try EventLog.open(StoreDirectory(directory.path + "/test.store"))
    }

    mutating func put<Value: FixedWidthInteger>(_ value: Value, at index: Int) {
        let bytes = withUnsafeBytes(of: value.littleEndian) { Array($0) }
        record.replaceSubrange(index..<index + bytes.count, with: bytes)
    }

    private static let headerSize = 80

    private static func checksum(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { XXH3_64bits_withSeed($0.baseAddress, $0.count, seed) }
    }
}

@Test func `a record whose second event is none is refused as a whole`() throws {
    var hostile = try HostileRecord()
    hostile.put(UInt8(3), at: hostile.size(ofEvent: 1))
    let log = try hostile.open()
    #expect(try log.head() == .start)
    #expect(try log.events(EventSelection()).isEmpty)
    #expect(try log.streamCount() == 0)
    #expect(log.readOnlyReason?.contains("positions 1 to 3") == true)
}

@Test func `a record that holds more events than it counts is refused`() throws {
    var hostile = try HostileRecord()
    hostile.put(UInt32(2), at: 16)
    let log = try hostile.open()
    #expect(try log.head() == .start)
    #expect(try log.events(EventSelection()).isEmpty)
    #expect(log.readOnlyReason != nil)
}

@Test func `a record that counts more events than it holds is refused`() throws {
    var hostile = try HostileRecord()
    hostile.put(UInt32.max, at: 16)
    let log = try hostile.open()
    #expect(try log.head() == .start)
    #expect(log.readOnlyReason != nil)
}
