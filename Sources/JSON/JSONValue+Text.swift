extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON text: numbers verbatim, no escape that is not needed.
    ///
    /// With `sortsKeys`, members come in the order of their keys' UTF-8 bytes instead of their
    /// own, so that equal values give equal bytes.
    public func bytes(sortsKeys: Bool = false) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self, sortsKeys: sortsKeys)
        return writer.finish()
    }

    /// The value as compact JSON text.
    public var description: String {
        String(decoding: bytes(), as: UTF8.self)
    }

    /// The value as lines of indented JSON text, one member or element a line.
    public func lines(indentation: Int = 2) -> [String] {
        var printer = LinePrinter(indentation: indentation)
        printer.add(self, prefix: "", suffix: "", depth: 0)
        return printer.lines
    }
}

/// Lays a value out over lines.
private struct LinePrinter {
    let indentation: Int
    var lines: [String] = []

    init(indentation: Int) {
        self.indentation = indentation
    }

    mutating func add(_ value: JSONValue, prefix: String, suffix: String, depth: Int) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            add("\(prefix)[", depth)
            for (index, element) in elements.enumerated() {
                let comma = index + 1 < elements.count ? "," : ""
                add(element, prefix: "", suffix: comma, depth: depth + 1)
            }
            add("]\(suffix)", depth)
        case .object(let object) where !object.isEmpty:
            add("\(prefix){", depth)
            for (index, member) in object.members.enumerated() {
                let comma = index + 1 < object.count ? "," : ""
                let key = JSONValue.string(member.key).description
                add(member.value, prefix: "\(key): ", suffix: comma, depth: depth + 1)
            }
            add("}\(suffix)", depth)
        default:
            add("\(prefix)\(value)\(suffix)", depth)
        }
    }

    private mutating func add(_ text: String, _ depth: Int) {
        lines.append(String(repeating: " ", count: depth * indentation) + text)
    }
}
