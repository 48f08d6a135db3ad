import CSQLite

extension SQLiteConnection {
    /// Fills this database with everything that another one holds, as one moment shows it.
    ///
    /// - Parameter source: the other one; where it has a transaction open, that tells the moment.
    /// - Throws: `full` where there is no room, `busy` where either is locked for too long, and
    ///   what keeps the other one from being read.
    public func fill(from source: SQLiteConnection) throws(SQLiteError) {
        guard let copying = sqlite3_backup_init(handle, "main", source.handle, "main") else {
            throw failure(sqlite3_extended_errcode(handle), sql: nil)
        }
        let allPages: Int32 = -1
        let code = sqlite3_backup_step(copying, allPages)
        sqlite3_backup_finish(copying)
        guard code == SQLITE_DONE else { throw failure(code, sql: nil) }
    }
}
