import Disk

extension LogFile {
    /// Makes a file of zeros that takes up space on disk; it gets its path when it is whole, and is
    /// whole even where the machine dies after that.
    ///
    /// - Throws: ``DiskError`` where there is no space, or the sync fails; nothing is left behind.
    static func makeZeros(_ path: String, size: Int, disk: any Disk) throws(DiskError) {
        let temporary = path + ".new"
        try disk.removeIfPresent(temporary)
        do {
            try disk.create(temporary, size: size).sync()
            try disk.rename(temporary, to: path)
        } catch {
            try? disk.remove(temporary)
            throw error
        }
    }

    /// Makes a log file of a file of zeros: gives it a header and then its name.
    ///
    /// The header is on disk before it gets the name where `isSynced` says so; the zeros always
    /// are, so that a file that was named is as long as it says, whatever else was lost of it.
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
