/// Why a text is not accepted as a domain model: everything that is wrong with it.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the file, as it was given.
    public let file: String
    /// What is wrong, at least one thing, in the order of the lines.
    public let problems: [ModelProblem]

    init(file: String, problems: [ModelProblem]) {
        self.file = file
        self.problems = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// One line for each problem: file, line, column, reason.
    public var description: String {
        problems.map { "\(file):\($0.line):\($0.column): \($0.reason)" }.joined(separator: "\n")
    }
}

/// One thing that is wrong with a domain model.
public struct ModelProblem: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// What is wrong, as a clause.
    public let reason: String

    /// Makes a problem from its parts.
    public init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }
}

/// An expression or statement of a model that failed on an event.
public struct ModelExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the file.
    public let file: String
    /// The line on which the SQL stands, or the failing part of it where SQLite tells.
    public let line: Int
    /// The column there, in characters.
    public let column: Int
    /// What happened.
    public let reason: String

    /// File, line, column and reason.
    public var description: String { "\(file):\(line):\(column): \(reason)" }
}
