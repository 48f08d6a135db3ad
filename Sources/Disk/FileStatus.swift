import Glibc

/// What the file system tells about a path, without following a link.
public struct FileStatus: Hashable, Sendable {
    /// What a path leads to.
    public enum Kind: Hashable, Sendable {
        /// A file with bytes.
        case file
        /// A directory.
        case directory
        /// A symbolic link, whatever it points to.
        case link
        /// Something else, such as a device or a pipe.
        case other
    }

    /// What the path leads to.
    public var kind: Kind
    /// The bytes of a file; for others as the file system says.
    public var size: Int
    /// The nine permission bits and the three above them, such as `0o600`.
    public var permissions: UInt16
    /// Whether it belongs to the user this process acts for.
    public var isOwn: Bool

    /// Makes a status from its parts.
    public init(kind: Kind, size: Int, permissions: UInt16, isOwn: Bool) {
        self.kind = kind
        self.size = size
        self.permissions = permissions
        self.isOwn = isOwn
    }

    /// Whether somebody other than the owner may write.
    public var isWritableByOthers: Bool { permissions & 0o022 != 0 }
}

extension FileStatus {
    init(_ information: stat) {
        switch information.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        size = Int(information.st_size)
        permissions = UInt16(information.st_mode & 0o7777)
        isOwn = information.st_uid == geteuid()
    }
}
