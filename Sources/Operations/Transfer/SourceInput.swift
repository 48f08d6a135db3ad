import Disk
import Glibc

/// Why no more bytes come from a source.
enum SourceDefect: Error, Hashable {
    /// A call of the operating system failed.
    case unreadable(DiskError)
    /// Compressed bytes end in the middle.
    case endsTooEarly
    /// Compressed bytes are not what was written.
    case damaged
}

/// Bytes that come one after the other; used by one thread.
protocol ByteInput {
    /// Puts the next bytes into a buffer that is not empty, and returns how many; 0 is the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceDefect) -> Int
}

/// The bytes of a file or of the standard input, as they are stored.
final class SourceInput: ByteInput {
    private let path: String
    private let descriptor: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var unread = 0..<0
    /// The bytes of the source; nothing where it is not a regular file.
    let size: Int?
    /// How many bytes have been read.
    private(set) var readSize = 0

    init(_ source: ImportSource) throws(SourceDefect) {
        path = source.name
        switch source {
        case .standardInput:
            descriptor = STDIN_FILENO
        case .file(let path):
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw .unreadable(DiskError(call: "open", path: path, number: errno))
            }
        }
        var information = stat()
        let isRegular =
            fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
        size = isRegular ? Int(information.st_size) : nil
    }

    deinit {
        buffer.deallocate()
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// The bytes that have been read but not consumed, more of them where there are none.
    func next() throws(SourceDefect) -> UnsafeRawBufferPointer {
        if unread.isEmpty {
            unread = 0..<(try readBytes(into: buffer))
        }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[unread])
    }

    /// Marks bytes that ``next()`` returned as used.
    func consume(_ count: Int) {
        unread.removeFirst(count)
    }

    /// Whether the source starts with these bytes; nothing is consumed.
    func starts(with magic: [UInt8]) throws(SourceDefect) -> Bool {
        while unread.count < magic.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[unread.upperBound...])
            let count = try readBytes(into: rest)
            guard count > 0 else { return false }
            unread = unread.lowerBound..<unread.upperBound + count
        }
        return buffer[unread].starts(with: magic)
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(SourceDefect) -> Int {
        guard !unread.isEmpty else { return try readBytes(into: target) }
        let count = min(unread.count, target.count)
        target.copyMemory(
            from: UnsafeRawBufferPointer(
                rebasing: UnsafeRawBufferPointer(buffer)[unread].prefix(count)
            )
        )
        consume(count)
        return count
    }

    private func readBytes(into target: UnsafeMutableRawBufferPointer) throws(SourceDefect) -> Int {
        while true {
            let count = Glibc.read(descriptor, target.baseAddress, target.count)
            if count >= 0 {
                readSize += count
                return count
            }
            guard errno == EINTR else {
                throw .unreadable(DiskError(call: "read", path: path, number: errno))
            }
        }
    }
}

extension SourceInput {
    /// The bytes of the source without compression, whose kind the first bytes tell.
    func decompressed() throws(SourceDefect) -> any ByteInput {
        if try starts(with: GzipInput.magic) { return GzipInput(self) }
        if try starts(with: ZstandardInput.magic) { return ZstandardInput(self) }
        return self
    }
}
