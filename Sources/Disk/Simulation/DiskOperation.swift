/// One call that a process made of a simulated disk.
package struct DiskOperation: Hashable, Sendable {
    /// Which call it was.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// A file was opened.
        case open
        /// A file was made and filled with zeros.
        case create
        /// A directory was made.
        case createDirectory
        /// A directory was listed.
        case names
        /// A path's status was asked for.
        case status
        /// A file got another name.
        case rename
        /// A file or tree was removed.
        case remove
        /// Permissions were changed.
        case permissions
        /// A directory was synced.
        case syncDirectory
        /// A shared page was opened.
        case share
        /// A file's size was asked for.
        case size
        /// Bytes were read.
        case read
        /// Bytes were written.
        case write
        /// A file was synced.
        case sync
        /// A file was mapped.
        case map
        /// A word of a shared page was changed.
        case store
        /// The lock of a shared page was asked for.
        case lock

        /// Whether it may leave the machine other than it was, so that a crash after it is another
        /// one than a crash before.
        package var isChange: Bool {
            switch self {
            case .create, .createDirectory, .rename, .remove, .permissions, .syncDirectory,
                .share, .write, .sync, .store:
                true
            case .open, .names, .status, .size, .read, .map, .lock: false
            }
        }
    }

    /// Which call it was.
    package var kind: Kind
    /// The process that made it, from 0.
    package var process: Int
    /// What it was made on.
    package var path: String
    /// The byte it began with; the word, for a shared page.
    package var offset = 0
    /// How many bytes it was about; the value, for a shared page.
    package var count: UInt64 = 0
}

extension DiskOperation {
    /// Adds the operation to a hash over all of them, the same in every run.
    func fold(into trace: inout UInt64, _ content: [UInt8]) {
        fold(UInt64(kind.rawValue), into: &trace)
        fold(UInt64(process), into: &trace)
        for byte in path.utf8 { fold(UInt64(byte), into: &trace) }
        fold(UInt64(offset), into: &trace)
        fold(count, into: &trace)
        content.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count & ~7, by: 8) {
                fold(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), into: &trace)
            }
            for byte in bytes[(bytes.count & ~7)...] { fold(UInt64(byte), into: &trace) }
        }
    }

    private func fold(_ number: UInt64, into trace: inout UInt64) {
        trace = (trace ^ number) &* 0x0000_0100_0000_01B3
        trace ^= trace >> 29
    }
}
