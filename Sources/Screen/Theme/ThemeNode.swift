/// A theme file as plain data: what whoever reads the file hands over.
///
/// A theme file is a base16 or base24 scheme in YAML; this module knows no YAML.
public struct ThemeNode: Hashable, Sendable {
    /// What stands at one place of the file.
    public enum Value: Hashable, Sendable {
        /// A text, number or word, as written.
        case scalar(String)
        /// A list.
        case sequence([ThemeNode])
        /// Keys and values in the order of the file.
        case mapping([Entry])
    }

    /// One key and its value.
    public struct Entry: Hashable, Sendable {
        /// The key.
        public let key: String
        /// What it stands for.
        public let value: ThemeNode

        /// Makes an entry.
        public init(_ key: String, _ value: ThemeNode) {
            self.key = key
            self.value = value
        }
    }

    /// What stands here.
    public let value: Value
    /// The line in the file, from 1, or 0 if nobody knows.
    public let line: Int
    /// The column in the line, from 1, or 0 if nobody knows.
    public let column: Int

    /// Makes a node.
    public init(_ value: Value, line: Int = 0, column: Int = 0) {
        self.value = value
        self.line = line
        self.column = column
    }
}

/// Why a theme cannot be used.
public struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The keys that lead to the place, joined with points: `roles.state.ok`.
    public let key: String
    /// What is wrong and what is allowed there.
    public let message: String
    /// The line in the file, from 1, or 0 if nobody knows.
    public let line: Int
    /// The column in the line, from 1, or 0 if nobody knows.
    public let column: Int

    /// Place, key and message in one line.
    public var description: String {
        let place = line > 0 ? "\(line):\(column): " : ""
        return place + (key.isEmpty ? message : "\(key): \(message)")
    }
}
