/// Storage that failed or is damaged.
public struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Hashable, Sendable {
        /// The operating system reported an error.
        case inputOutput
        /// No space is left; appends go on when there is space again.
        case full
        /// Bytes are not what was written.
        case damaged
        /// There is no store, or it is not one.
        case notAStore
        /// The store was written by a newer program.
        case formatUnknown
        /// An earlier failure stopped all writing until the store is opened again.
        case stopped
        /// Others have seen events that the store does not hold.
        case aheadOfHistory
        /// Owner or permissions are not safe.
        case unsafePermissions
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do about it.
    public let message: String
    /// The file it happened in, and the byte where known.
    public let location: String?
    /// What the operating system said.
    public let cause: String?

    /// Makes an error from its parts.
    public init(_ code: Code, _ message: String, location: String? = nil, cause: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.cause = cause
    }

    /// Message, location and cause in one line.
    public var description: String {
        var text = message
        if let location { text += " (\(location))" }
        if let cause { text += ": \(cause)" }
        return text
    }
}
