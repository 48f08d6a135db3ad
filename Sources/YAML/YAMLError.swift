/// Why a text is not accepted as YAML, and where.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// What is wrong there, as a clause.
    public let reason: String

    /// Makes an error from its parts.
    public init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    /// The place and the reason.
    public var description: String {
        "line \(line), column \(column): \(reason)"
    }
}
