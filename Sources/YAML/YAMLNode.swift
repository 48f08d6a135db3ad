/// A value in a YAML document that knows where it stands.
public struct YAMLNode: Hashable, Sendable {
    /// What a node holds.
    public enum Content: Hashable, Sendable {
        /// Text, which only its reader takes for a number or truth value.
        case scalar(String, style: Style)
        /// Elements in order.
        case sequence([YAMLNode])
        /// Entries in the order of the text, each key once.
        case mapping([Entry])
    }

    /// How a scalar is written.
    public enum Style: Hashable, Sendable {
        /// Without quotes; only such a scalar can be a number, a truth value or null.
        case plain
        /// In single or double quotes.
        case quoted
        /// As lines after `|`.
        case literal
        /// As lines after `>` that are joined.
        case folded
    }

    /// One entry of a mapping.
    public struct Entry: Hashable, Sendable {
        /// The key, which is a scalar.
        public let key: YAMLNode
        /// The value.
        public let value: YAMLNode

        /// The text of the key.
        public var name: String { key.string ?? "" }
    }

    /// The line on which the node starts, from 1.
    public let line: Int
    /// The column at which it starts, in characters, from 1.
    public let column: Int
    /// What it holds.
    public let content: Content

    init(line: Int, column: Int, content: Content) {
        self.line = line
        self.column = column
        self.content = content
    }
}

// MARK: - Reading

extension YAMLNode {
    /// The text of a scalar, however it is written; nothing for another kind.
    public var string: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The line on which a scalar's text starts: after the `|` or `>` where there is one.
    public var textLine: Int {
        switch content {
        case .scalar(_, .literal), .scalar(_, .folded): line + 1
        default: line
        }
    }

    /// The text of an unquoted scalar; nothing for anything else.
    private var plainText: String? {
        if case .scalar(let text, .plain) = content { text } else { nil }
    }

    /// The number where the node is an unquoted decimal integer that fits.
    public var integer: Int64? {
        guard let text = plainText, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        return Int64(text)
    }

    /// The number where the node is an unquoted decimal number in the finite range.
    public var double: Double? {
        guard let text = plainText,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    /// The truth value where the node is an unquoted `true` or `false`.
    ///
    /// The words of YAML 1.1 (`yes`, `off`, …) are text, as in YAML 1.2.
    public var boolean: Bool? {
        switch plainText {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// Whether nothing is given: an empty value, `~` or an unquoted `null`.
    public var isNull: Bool {
        switch plainText {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    /// The elements of a sequence; nothing for another kind.
    public var sequence: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The entries of a mapping in order; nothing for another kind.
    public var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value of a mapping's entry; nothing where there is none or for another kind.
    ///
    /// - Complexity: O(n) for n entries.
    public subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.name.utf8.elementsEqual(key.utf8) }?.value
    }

    /// An error about this node, for those who find its content wrong.
    public func error(_ reason: String) -> YAMLError {
        YAMLError(line: line, column: column, reason: reason)
    }
}
