package import Disk
import Glibc

/// An open file, pipe or terminal that bytes are written to one after the other.
package struct OutputDescriptor: ~Copyable {
    private let number: Int32
    private let path: String
    private let isOwned: Bool

    /// Takes a descriptor that stays open; the name is for messages.
    package init(_ number: Int32, name: String) {
        self.number = number
        path = name
        isOwned = false
    }

    /// Makes a file, or empties it where it exists.
    package init(creating path: String) throws(DiskError) {
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw DiskError(call: "open", path: path, number: errno) }
        self.number = number
        self.path = path
        isOwned = true
    }

    deinit {
        if isOwned { close(number) }
    }

    /// Writes all bytes; `EPIPE` where nobody reads them any more.
    package func write(_ bytes: Span<UInt8>) throws(DiskError) {
        var written = 0
        while written < bytes.count {
            let result = bytes.extracting(written..<bytes.count).withUnsafeBufferPointer {
                Glibc.write(number, $0.baseAddress, $0.count)
            }
            if result >= 0 {
                written += result
            } else if errno != EINTR {
                throw DiskError(call: "write", path: path, number: errno)
            }
        }
    }
}
