import CZstd

/// The decompressed bytes of a zstd file, of all its frames one after the other.
final class ZstandardInput: ByteInput {
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    private let input: SourceInput
    private let stream: OpaquePointer
    /// Whether a frame has begun that has not ended.
    private var isUnfinished = false

    init(_ input: SourceInput) {
        guard let stream = ZSTD_createDStream() else {
            preconditionFailure("There is no memory left to decompress.")
        }
        self.input = input
        self.stream = stream
    }

    deinit {
        ZSTD_freeDStream(stream)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceDefect) -> Int {
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while output.pos == 0 {
            let bytes = try input.next()
            if bytes.isEmpty && !isUnfinished { return 0 }
            var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            let result = ZSTD_decompressStream(stream, &output, &source)
            guard ZSTD_isError(result) == 0 else { throw .damaged }
            isUnfinished = result != 0
            input.consume(source.pos)
            if bytes.isEmpty && output.pos == 0 { throw .endsTooEarly }
        }
        return output.pos
    }
}
