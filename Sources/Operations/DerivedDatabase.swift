import Disk
import SQLiteDatabase
import Synchronization

/// A SQLite file that may be lost: opened when it is needed, and begun anew where it turns out
/// damaged.
final class DerivedDatabase<Connection>: Sendable {
    /// The file.
    let path: String
    private let disk: any Disk
    private let open: @Sendable (_ path: String) throws -> Connection
    private let connection = Mutex<Connection?>(nil)

    /// Names the file, and says how it is opened and made.
    init(
        path: String,
        disk: any Disk,
        open: @escaping @Sendable (_ path: String) throws -> Connection
    ) {
        self.path = path
        self.disk = disk
        self.open = open
    }

    /// Runs a closure with the open file; once more with a new one where it turns out damaged.
    ///
    /// - Returns: nothing where there is no file and none is to be made.
    @discardableResult
    func withConnection<Result: Sendable>(
        creating: Bool = false,
        _ body: @Sendable (Connection) throws -> Result
    ) throws -> Result? {
        try connection.withLock { kept in
            do {
                return try run(body, on: &kept, creating: creating)
            } catch let error as SQLiteError where error.isDamage {
                kept = nil
                for suffix in ["-wal", "-shm", ""] { try disk.removeIfPresent(path + suffix) }
                return try run(body, on: &kept, creating: creating)
            }
        }
    }

    private func run<Result: Sendable>(
        _ body: @Sendable (Connection) throws -> Result,
        on kept: inout Connection?,
        creating: Bool
    ) throws -> Result? {
        if kept != nil, !disk.exists(path) { kept = nil }
        if let kept { return try body(kept) }
        guard creating || disk.exists(path) else { return nil }
        let opened = try open(path)
        let result = try body(opened)
        kept = opened
        return result
    }
}

extension SQLiteError {
    /// Whether the file itself is the reason.
    fileprivate var isDamage: Bool {
        code.primary == .corrupt || code.primary == .notADatabase
    }
}
