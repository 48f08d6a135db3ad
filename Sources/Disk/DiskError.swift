import Glibc

/// A call of the operating system on a file that failed.
public struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, such as `fdatasync`.
    public let call: String
    /// The file or directory it was made on.
    public let path: String
    /// The error number, such as `ENOSPC`.
    public let number: Int32

    /// Makes an error from its parts.
    public init(call: String, path: String, number: Int32) {
        self.call = call
        self.path = path
        self.number = number
    }

    /// What the operating system says about the error number.
    public var cause: String { String(cString: strerror(number)) }

    /// Call, file and cause in one line.
    public var description: String { "\(call) on \(path): \(cause)" }

    /// Whether there was no space left, or none that this user may take.
    public var isFull: Bool { number == ENOSPC || number == EDQUOT || number == EFBIG }

    /// Whether this user may not do it, or nobody may.
    public var isRefusal: Bool { [EACCES, EPERM, EROFS].contains(number) }

    /// Whether the file does not exist.
    public var isMissing: Bool { number == ENOENT || number == ENOTDIR }
}
