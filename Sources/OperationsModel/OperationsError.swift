/// Why an operator's question or request was not answered.
public struct OperationsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, which decides an exit status.
    public enum Code: Hashable, Sendable {
        /// What was named does not exist.
        case notFound
        /// The request itself makes no sense.
        case invalid
        /// What was asked about is not as it should be, such as an event that no rule takes in.
        case finding
        /// The store refused: read-only, conflict, or owned by another process.
        case refused
        /// The storage failed or is damaged.
        case storage
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do about it, in sentences.
    public let message: String

    /// Makes an error from its parts.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What happened and what to do about it.
    public var description: String { message }
}
