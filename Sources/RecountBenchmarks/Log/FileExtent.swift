import Disk
import Glibc

/// A file, and how many of its bytes are in use.
struct FileExtent {
    /// Where the file is.
    let path: String
    /// The bytes before the zeros at its end.
    let usedSize: Int
    /// The bytes it takes on the disk.
    let allocatedSize: Int

    /// Looks at a file.
    init(_ path: String) throws {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else { throw BenchmarkError("there is no file \(path)") }
        allocatedSize = Int(status.st_blocks) * 512
        usedSize = try FileExtent.map(path, Int(status.st_size)) { bytes in
            var end = bytes.count
            while end >= 8, bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 {
                end -= 8
            }
            return end
        }
    }

    /// Shows the bytes in use.
    func withMappedBytes(_ body: (UnsafeRawBufferPointer) -> Void) throws {
        try FileExtent.map(path, usedSize, body)
    }

    private static func map<Result>(
        _ path: String,
        _ size: Int,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws -> Result {
        guard size > 0 else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let start, start != MAP_FAILED else {
            throw BenchmarkError("\(path) cannot be mapped")
        }
        defer { munmap(start, size) }
        madvise(start, size, MADV_SEQUENTIAL)
        return body(UnsafeRawBufferPointer(start: start, count: size))
    }

    /// The files of a directory and of those in it.
    static func all(below path: String) throws -> [FileExtent] {
        try RealDisk().names(in: path).sorted().flatMap { name in
            let inner = "\(path)/\(name)"
            var status = stat()
            guard stat(inner, &status) == 0 else { return [] as [FileExtent] }
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            return isDirectory ? try all(below: inner) : [try FileExtent(inner)]
        }
    }
}
