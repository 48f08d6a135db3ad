import Glibc

/// A file of the machine, closed when nothing refers to it any more.
final class RealFile: DiskFile {
    let path: String
    private let descriptor: Int32

    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func size() throws(DiskError) -> Int {
        var information = stat()
        _ = try call("fstat", path) { fstat(descriptor, &information) }
        return Int(information.st_size)
    }

    func read(_ range: Range<Int>) throws(DiskError) -> [UInt8] {
        var failure: DiskError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            count = 0
            while count < range.count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                let result = pread(
                    descriptor,
                    rest.baseAddress,
                    rest.count,
                    range.lowerBound + count
                )
                if result == 0 { return }
                if result > 0 {
                    count += result
                } else if errno != EINTR {
                    failure = DiskError(call: "pread", path: path, number: errno)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func write(_ bytes: RawSpan, at offset: Int) throws(DiskError) {
        var written = 0
        while written < bytes.byteCount {
            let result = bytes.extracting(written..<bytes.byteCount).withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, offset + written)
            }
            if result > 0 {
                written += result
            } else if result == 0 || errno != EINTR {
                throw DiskError(call: "pwrite", path: path, number: result == 0 ? EIO : errno)
            }
        }
    }

    func sync() throws(DiskError) {
        _ = try call("fdatasync", path) { fdatasync(descriptor) }
    }

    func map(size: Int) throws(DiskError) -> any MappedBytes {
        try RealMapping(descriptor: descriptor, size: size, path: path)
    }
}

// Sendable: the pointer is set once, and only read through.
/// A file's bytes mapped for reading, unmapped when nothing refers to them any more.
private final class RealMapping: MappedBytes, @unchecked Sendable {
    private let address: UnsafeMutableRawPointer
    private let size: Int

    init(descriptor: Int32, size: Int, path: String) throws(DiskError) {
        let address = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw DiskError(call: "mmap", path: path, number: errno)
        }
        self.address = address
        self.size = size
    }

    deinit {
        munmap(address, size)
    }

    var buffer: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address, count: size)
    }
}
