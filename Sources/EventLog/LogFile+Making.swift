import Disk

extension LogFile {
    /// Makes a file of zeros that takes up space on disk; it gets its path when it is whole.
    ///
    /// - Throws: ``DiskError`` where there is no space; nothing is left behind.
    static func makeZeros(_ path: String, size: Int, disk: any Disk) throws(DiskError) {
        let temporary = path + ".new"
        try disk.removeIfPresent(temporary)
        do {
            _ = try disk.create(temporary, size: size)
            try disk.rename(temporary, to: path)
        } catch {
            try? disk.remove(temporary)
            throw error
        }
    }

    /// Makes a log file of a file of zeros: gives it a header and then its name.
    ///
    /// Header and zeros are on disk before it gets the name where `isSynced` says so.
    ///
    /// - Throws: ``DiskError`` where the disk fails; the file of zeros is gone then.
    static func begin(
        _ path: String,
        from zeros: String,
        header: LogFileHeader,
        isSynced: Bool,
        disk: any Disk
    ) throws(DiskError) {
        do {
            let file = try disk.open(zeros, writable: true)
            try file.write(header.encoded.span.bytes, at: 0)
            if isSynced { try file.sync() }
            try disk.rename(zeros, to: path)
        } catch {
            // What a failed sync leaves behind is not to be trusted, and nothing depends on it.
            try? disk.remove(zeros)
            throw error
        }
    }
}
