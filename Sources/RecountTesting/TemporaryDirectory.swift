import Disk
import Glibc

/// A directory for one test, removed with everything in it when nothing refers to it any more.
public final class TemporaryDirectory: Sendable {
    /// Where the directory is.
    public let path: String

    /// Makes a directory with a name that nobody else has.
    public init() {
        var template = Array("/tmp/recount-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer {
            $0.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        precondition(made, "A directory can be made below /tmp.")
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        try? RealDisk().removeTree(path)
    }
}
