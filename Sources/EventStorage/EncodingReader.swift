/// Reads the fields of an encoding from bytes, left to right, and never past their end.
package struct EncodingReader: ~Escapable {
    private let bytes: RawSpan
    private var index = 0

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// Whether every byte has been read.
    package var isAtEnd: Bool { index == bytes.byteCount }

    /// The bytes not read yet.
    package var rest: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(index..<bytes.byteCount) }
    }

    package mutating func skip(_ count: Int) throws(EventDecodingError) {
        guard count >= 0, count <= bytes.byteCount - index else { throw EventDecodingError() }
        index += count
    }

    package mutating func byte() throws(EventDecodingError) -> UInt8 {
        try load(UInt8.self)
    }

    package mutating func unsigned32() throws(EventDecodingError) -> UInt32 {
        UInt32(littleEndian: try load(UInt32.self))
    }

    package mutating func unsigned64() throws(EventDecodingError) -> UInt64 {
        UInt64(littleEndian: try load(UInt64.self))
    }

    package mutating func bigEndian64() throws(EventDecodingError) -> UInt64 {
        UInt64(bigEndian: try load(UInt64.self))
    }

    /// A LEB128 number of at most 64 bits.
    package mutating func variable() throws(EventDecodingError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return value }
        }
        throw EventDecodingError()
    }

    /// A variable number of bytes, and the bytes.
    @_lifetime(copy self)
    package mutating func counted() throws(EventDecodingError) -> RawSpan {
        bytes.extracting(try countedRange())
    }

    /// A variable number of bytes, and where the bytes are.
    mutating func countedRange() throws(EventDecodingError) -> Range<Int> {
        let count = try variable()
        guard count <= UInt64(bytes.byteCount - index) else { throw EventDecodingError() }
        let start = index
        index += Int(count)
        return start..<index
    }

    private mutating func load<Value: BitwiseCopyable>(
        _ type: Value.Type
    ) throws(EventDecodingError) -> Value {
        guard MemoryLayout<Value>.size <= bytes.byteCount - index else {
            throw EventDecodingError()
        }
        let value = bytes.unsafeLoadUnaligned(fromByteOffset: index, as: type)
        index += MemoryLayout<Value>.size
        return value
    }
}
