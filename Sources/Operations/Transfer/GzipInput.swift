import CZlib

/// The decompressed bytes of a gzip file, of all its members one after the other (RFC 1952 §2.2).
final class GzipInput: ByteInput {
    static let magic: [UInt8] = [0x1F, 0x8B]

    private let input: SourceInput
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isInMember = true
    private var isAtEnd = false

    init(_ input: SourceInput) {
        self.input = input
        stream.initialize(to: z_stream())
        let windowBitsGzip: Int32 = 15 + 16
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = inflateInit2_(stream, windowBitsGzip, ZLIB_VERSION, size)
        guard status == Z_OK else { preconditionFailure("There is no memory left to decompress.") }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceDefect) -> Int {
        var count = 0
        while count == 0 && !isAtEnd {
            let bytes = try input.next()
            if bytes.isEmpty {
                guard !isInMember else { throw .endsTooEarly }
                isAtEnd = true
            } else if isInMember {
                count = try inflate(bytes, into: buffer)
            } else {
                try beginMember(bytes)
            }
        }
        return count
    }

    private func inflate(
        _ bytes: UnsafeRawBufferPointer,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(SourceDefect) -> Int {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.bindMemory(to: UInt8.self).baseAddress
        )
        stream.pointee.avail_in = UInt32(bytes.count)
        stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(clamping: buffer.count)
        let room = stream.pointee.avail_out
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw .damaged
        }
        input.consume(bytes.count - Int(stream.pointee.avail_in))
        if status == Z_STREAM_END { isInMember = false }
        return Int(room - stream.pointee.avail_out)
    }

    /// Goes on after a member: with another one, or over the zeros that fill up tapes and blocks.
    private func beginMember(_ bytes: UnsafeRawBufferPointer) throws(SourceDefect) {
        if bytes[0] == 0 {
            input.consume(bytes.prefix { $0 == 0 }.count)
            return
        }
        guard try input.starts(with: GzipInput.magic) else { throw .damaged }
        inflateReset(stream)
        isInMember = true
    }
}
