import CSQLite

/// SQLite's own file system, except that it does not tell the time.
///
/// On a connection that uses it, whatever SQLite computes from the clock is `NULL`.
enum ClocklessFileSystem {
    /// The name by which a connection asks for it; nothing where SQLite does not take it in.
    static let name: String? = {
        let name = "recount-clockless"
        guard let standard = sqlite3_vfs_find(nil) else { return nil }
        // SQLite keeps the pointers for as long as the process lives.
        let characters = name.utf8CString
        let nameBytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: characters.count)
        _ = nameBytes.initialize(from: characters)
        let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        system.initialize(to: standard.pointee)
        system.pointee.pNext = nil
        system.pointee.zName = UnsafePointer(nameBytes.baseAddress)
        system.pointee.xCurrentTime = { _, _ in SQLITE_ERROR }
        system.pointee.xCurrentTimeInt64 = { _, _ in SQLITE_ERROR }
        return sqlite3_vfs_register(system, 0) == SQLITE_OK ? name : nil
    }()
}
