extension SQLiteConnection {
    /// When a transaction takes its lock.
    public enum TransactionKind: String, Hashable, Sendable {
        /// At the first statement that needs one.
        case deferred = "BEGIN DEFERRED"
        /// At once, so that no later statement can fail for a lock.
        case immediate = "BEGIN IMMEDIATE"
    }

    /// Opens a transaction, whatever the restrictions are.
    public func begin(_ kind: TransactionKind = .immediate) throws(SQLiteError) {
        try execute(kind.rawValue, isTrusted: true)
    }

    /// Makes the transaction's changes permanent; where that fails, it stays open.
    public func commit() throws(SQLiteError) {
        try execute("COMMIT", isTrusted: true)
    }

    /// Undoes the transaction's changes; does nothing where SQLite has done so already.
    public func rollback() throws(SQLiteError) {
        if isInTransaction { try execute("ROLLBACK", isTrusted: true) }
    }

    /// Runs a closure in a transaction, which is committed when it returns and rolled back
    /// when it, or the commit, throws.
    ///
    /// - Precondition: no transaction is open.
    /// - Throws: what the closure throws, and SQLite's errors at begin and commit.
    public func transaction<Result>(
        _ kind: TransactionKind = .immediate,
        _ body: () throws -> Result
    ) throws -> Result {
        precondition(!isInTransaction, "A transaction must not be opened inside another one.")
        try begin(kind)
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            // The first error is the one to report, also where the rollback fails too.
            try? rollback()
            throw error
        }
    }
}
