import CXXHash
import Disk

/// What the machine can do at most, with no store in between.
enum PhysicalLimit {
    /// The bytes of one event and what a record of its own adds, rounded up to whole words.
    static let eventSize = 384

    /// Writes and syncs pieces one behind the other in a file that is there already, all zeros.
    ///
    /// - Returns: the seconds.
    static func syncedWrites(_ count: Int, of size: Int, at path: String) throws -> Double {
        let file = try RealDisk().create(path, size: 0)
        defer { try? RealDisk().remove(path) }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for offset in stride(from: 0, to: count * size, by: zeros.count) {
            try file.write(zeros.span.bytes, at: offset)
        }
        try file.sync()
        let piece = [UInt8](repeating: 7, count: size)
        return try seconds {
            for number in 0..<count {
                try file.write(piece.span.bytes, at: number * size)
                try file.sync()
            }
        }
    }

    /// Writes pieces one behind the other into a new file, then syncs it once.
    ///
    /// - Returns: the seconds until all was written, and until it was synced.
    static func writes(_ count: Int, of size: Int, at path: String) throws -> [Double] {
        let file = try RealDisk().create(path, size: 0)
        defer { try? RealDisk().remove(path) }
        let piece = [UInt8](repeating: 7, count: size)
        let writing = try seconds {
            for number in 0..<count { try file.write(piece.span.bytes, at: number * size) }
        }
        return [writing, writing + (try seconds { try file.sync() })]
    }

    /// Maps files and computes a checksum over every megabyte of the parts in use.
    ///
    /// - Returns: the seconds.
    static func checksums(of files: [FileExtent]) throws -> Double {
        try seconds {
            for file in files {
                try file.withMappedBytes { bytes in
                    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
                        let part = UnsafeRawBufferPointer(
                            rebasing: bytes[start..<min(start + 1 << 20, bytes.count)]
                        )
                        checksum = checksum &+ XXH3_64bits(part.baseAddress, part.count)
                    }
                }
            }
        }
    }

    // The sum keeps the work from being left out; only the thread that measures adds to it.
    nonisolated(unsafe) private static var checksum: UInt64 = 0
}
