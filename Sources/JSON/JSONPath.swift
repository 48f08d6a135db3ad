/// The way from a JSON value to one inside it, written like `items[3].price`.
///
/// Keys that are not plain identifiers are quoted, as in `["a b"]`; `$` is the value itself.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    /// One step inwards.
    public enum Step: Hashable, Sendable {
        /// To the member of an object.
        case key(String)
        /// To the element of an array, from 0.
        case index(Int)
    }

    /// The steps from the outermost value inwards.
    public var steps: [Step]

    /// Makes a path from its steps; without any, that of the value itself.
    public init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// Reads the form that ``description`` writes.
    public init?(_ text: String) {
        steps = []
        if text == "$" { return }
        var rest = text.utf8[...]
        if rest.isEmpty { return nil }
        while let first = rest.first {
            if first == UInt8(ascii: "[") {
                guard let step = JSONPath.bracketed(&rest) else { return nil }
                steps.append(step)
                continue
            }
            if !steps.isEmpty {
                guard first == UInt8(ascii: ".") else { return nil }
                rest.removeFirst()
            }
            let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
            guard let key = String(name), key.isPlainIdentifier else { return nil }
            steps.append(.key(key))
            rest = rest[name.endIndex...]
        }
    }

    /// Takes `[3]` or `["a b"]` from the front.
    private static func bracketed(_ rest: inout Substring.UTF8View) -> Step? {
        var end = rest.startIndex
        var isQuoted = false
        var isEscaped = false
        var index = rest.index(after: rest.startIndex)
        while index < rest.endIndex {
            let byte = rest[index]
            if byte == UInt8(ascii: "]"), !isQuoted {
                end = index
                break
            }
            if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            index = rest.index(after: index)
        }
        guard end > rest.startIndex,
            let inside = String(rest[rest.index(after: rest.startIndex)..<end]),
            let value = try? JSONValue(parsing: inside)
        else { return nil }
        rest = rest[rest.index(after: end)...]
        switch value {
        case .string(let key): return .key(key)
        case .number(let number):
            return number.integer.flatMap { $0 >= 0 ? .index(Int($0)) : nil }
        default: return nil
        }
    }

    /// The path as text.
    public var description: String {
        if steps.isEmpty { return "$" }
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where key.isPlainIdentifier: text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\(JSONValue.string(key))]"
            }
        }
        return text
    }
}

extension JSONPath.Step {
    /// Whether both are equal.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.key(let left), .key(let right)): left.hasSameBytes(as: right)
        case (.index(let left), .index(let right)): left == right
        default: false
        }
    }

    /// Feeds what equality goes by to a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .key(let key): key.hashBytes(into: &hasher)
        case .index(let index): hasher.combine(index)
        }
    }
}

extension String {
    /// Whether the text is an ASCII letter or `_`, followed by more of these and digits.
    fileprivate var isPlainIdentifier: Bool {
        guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
        return utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension JSONValue {
    /// The value that a path leads to; nothing where it leads nowhere.
    public subscript(path: JSONPath) -> JSONValue? {
        var value = self
        for step in path.steps {
            let inner: JSONValue? =
                switch step {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let inner else { return nil }
            value = inner
        }
        return value
    }
}
