import EventStorage
import Processing
import SQLiteDatabase

/// What keeps a group from handling events.
extension GroupDatabase {
    func isAboutEvent(_ error: any Error) -> Bool {
        switch error {
        case is DefinitionError, is ClaimLost, is GroupChanged, is StorageError: false
        case let error as SQLiteError: error.isAboutRow
        default: true
        }
    }
}

/// The projections of a group cannot be used as they are defined today.
struct DefinitionError: Error, CustomStringConvertible {
    let description: String
}

extension SQLiteError {
    /// Whether another row might have been taken.
    fileprivate var isAboutRow: Bool {
        switch code.primary {
        case .constraint, .mismatch, .tooBig, .interrupted: true
        // Wrong arguments of functions, and tables that somebody has dropped.
        case .error: !message.hasPrefix("no such ")
        default: false
        }
    }
}
