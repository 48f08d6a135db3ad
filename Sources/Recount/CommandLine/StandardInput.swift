import Disk
import Glibc

/// The standard input of the process.
enum StandardInput {
    /// All bytes up to its end, at most `sizeMax`.
    static func bytes(sizeMax: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw DiskError(call: "read", path: "standard input", number: errno)
            }
            bytes += buffer[..<count]
            guard bytes.count <= sizeMax else {
                throw CommandFailure.usage("the standard input has more than \(sizeMax) bytes")
            }
        }
    }
}
