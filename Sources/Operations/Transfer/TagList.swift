import EventModel

/// Tags as the value of one CloudEvents attribute: `key:value,key:value`.
///
/// CloudEvents attributes are texts, not lists. A `%` and a `,` anywhere, and a `:` in a key, are
/// written as `%` and two hexadecimal digits.
enum TagList {
    /// The tags as text.
    static func text(_ tags: [EventTag]) -> String {
        tags.map { tag in
            escaped(tag.key, alsoColons: true) + ":" + escaped(tag.value, alsoColons: false)
        }.joined(separator: ",")
    }

    /// The tags a text stands for; nothing where ``text(_:)`` writes no such text.
    static func tags(_ text: String) -> [EventTag]? {
        var tags: [EventTag] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let colon = part.utf8.firstIndex(of: UInt8(ascii: ":")),
                let key = unescaped(part[..<colon]),
                let value = unescaped(part[part.utf8.index(after: colon)...])
            else { return nil }
            tags.append(EventTag(key: key, value: value))
        }
        return self.text(tags).utf8.elementsEqual(text.utf8) ? tags : nil
    }

    private static func escaped(_ text: String, alsoColons: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case ",": result += "%2C"
            case ":" where alsoColons: result += "%3A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func unescaped(_ text: Substring) -> String? {
        var scalars = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                scalars.append(scalar)
                continue
            }
            switch String(rest.prefix(2)) {
            case "25": scalars.append("%")
            case "2C": scalars.append(",")
            case "3A": scalars.append(":")
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        return String(scalars)
    }
}
