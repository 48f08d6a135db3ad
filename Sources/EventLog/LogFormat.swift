import CXXHash

/// The numbers of the log's format; see the documentation's page "The format of the log".
enum LogFormat {
    /// What a log file starts with after its checksum.
    static let fileMagic: UInt64 = 0x0A54_4E55_4F43_4552  // "RECOUNT\n"
    /// What a record starts with after its checksum.
    static let recordMagic: UInt32 = 0x4452_4352  // "RCRD"
    /// The version of the format.
    static let version: UInt32 = 2
    /// The bytes before a file's first record.
    static let fileHeaderSize = 4096
    /// The bytes before a record's first event.
    static let recordHeaderSize = 80
    /// The bytes of log that an index file of one unit covers, in large log files.
    static let indexSpanMax = 2 << 20
    /// Where records begin: at multiples of this.
    static let alignment = 8

    /// The length of a record with a body of `count` bytes.
    static func recordLength(bodyOf count: Int) -> Int {
        (recordHeaderSize + count + alignment - 1) / alignment * alignment
    }

    /// What a checksum at a place of a file is seeded with, so that bytes of another file, store or
    /// place do not have it; `file` is the checksum of the file's header.
    static func seed(file: UInt64, offset: Int) -> UInt64 {
        file &+ UInt64(offset)
    }

    /// XXH3-64 of bytes; the seed ties them to a file and a place in it.
    static func checksum(_ bytes: RawSpan, seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { XXH3_64bits_withSeed($0.baseAddress, $0.count, seed) }
    }
}
