import EventModel
import EventStorage

/// What an index file says about one stream.
struct StreamRow: Hashable, Sendable {
    /// The bytes of a row.
    static let size = 36

    /// Where its name ends; it begins where the one before ends.
    var nameEnd: UInt32
    /// Behind which address its own end; they begin where those before end.
    var addressEnd: UInt32
    /// The position of its last event, relative to the part.
    var lastPosition: UInt32
    /// The sequence of its first event in the part.
    var firstSequence: UInt64
    /// When its first event in the part was recorded.
    var firstTime: Timestamp
    /// When its last event in the part was recorded.
    var lastTime: Timestamp

    /// Appends the row to bytes.
    func append(to bytes: inout [UInt8]) {
        bytes.append(rowOf: StreamRow.size) { row in
            row.storeBytes(of: nameEnd.littleEndian, toByteOffset: 0, as: UInt32.self)
            row.storeBytes(of: addressEnd.littleEndian, toByteOffset: 4, as: UInt32.self)
            row.storeBytes(of: lastPosition.littleEndian, toByteOffset: 8, as: UInt32.self)
            row.storeBytes(of: firstSequence.littleEndian, toByteOffset: 12, as: UInt64.self)
            let first = firstTime.microseconds.littleEndian
            row.storeBytes(of: first, toByteOffset: 20, as: Int64.self)
            row.storeBytes(of: lastTime.microseconds.littleEndian, toByteOffset: 28, as: Int64.self)
        }
    }
}

extension StreamRow {
    /// Reads the row that the bytes are.
    @inline(__always)
    init(_ bytes: RawSpan) {
        func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int) -> Value {
            Value(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
        }
        nameEnd = load(0)
        addressEnd = load(4)
        lastPosition = load(8)
        firstSequence = load(12)
        firstTime = Timestamp(microseconds: load(20))
        lastTime = Timestamp(microseconds: load(28))
    }
}

/// What a part says about its share of a block.
struct BlockRow: Hashable, Sendable {
    /// The bytes of a row.
    static let size = 32

    /// Where its first event begins, relative to the part.
    var address: UInt32
    /// How far that event is from the start of its record.
    var recordDistance: UInt32
    /// The earliest event time.
    var earliest: Timestamp
    /// The latest event time.
    var latest: Timestamp
    /// When its first event was recorded.
    var recordedTime: Timestamp

    /// Takes in that an event has some event time.
    mutating func include(_ time: Timestamp) {
        if time < earliest { earliest = time }
        if time > latest { latest = time }
    }

    /// Appends the row to bytes.
    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: address)
        bytes.append(littleEndian: recordDistance)
        bytes.append(littleEndian: earliest.microseconds)
        bytes.append(littleEndian: latest.microseconds)
        bytes.append(littleEndian: recordedTime.microseconds)
    }
}

extension [UInt8] {
    /// Appends a row of some bytes that `fill` writes; one growth for all fields.
    fileprivate mutating func append(
        rowOf size: Int,
        _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { row in
            fill(row)
            append(contentsOf: row)
        }
    }
}
