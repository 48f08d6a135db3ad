/// The names in an SQL text that a dot follows, among them those of all schemas it reads.
struct SchemaNames {
    /// The names as they are written, without their quotes.
    private(set) var names: [String] = []
    private var rest: ArraySlice<UInt8>

    init(in sql: String) {
        rest = Array(sql.utf8)[...]
        while let byte = rest.first { take(byte) }
    }

    /// Whether a name is among them, by SQL's rule that ASCII letters in either case are equal.
    func contains(_ name: String) -> Bool {
        names.contains { $0.isSameName(as: name) }
    }

    /// Goes over one word, one quoted text, one comment or one other character.
    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"): _ = quoted(until: byte)
        case UInt8(ascii: "\""), UInt8(ascii: "`"): add(quoted(until: byte))
        case UInt8(ascii: "["): add(quoted(until: UInt8(ascii: "]")))
        case UInt8(ascii: "-") where rest.starts(with: "--".utf8): skip(through: "\n")
        case UInt8(ascii: "/") where rest.starts(with: "/*".utf8): skip(through: "*/")
        case _ where byte.isPartOfWord:
            let word = rest.prefix { $0.isPartOfWord }
            rest = rest[word.endIndex...]
            add(Array(word))
        default: rest.removeFirst()
        }
    }

    /// Takes a quoted text, in which the closing quote stands for itself when doubled.
    private mutating func quoted(until quote: UInt8) -> [UInt8] {
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote, quote != UInt8(ascii: "]") else { break }
                rest.removeFirst()
            }
            text.append(byte)
        }
        return text
    }

    private mutating func skip(through end: String) {
        rest = rest.dropFirst(2)
        while !rest.isEmpty, !rest.starts(with: end.utf8) { rest.removeFirst() }
        rest = rest.dropFirst(end.utf8.count)
    }

    private mutating func add(_ name: [UInt8]) {
        guard rest.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: ".") else {
            return
        }
        names.append(String(decoding: name, as: UTF8.self))
    }
}

extension String {
    /// Whether SQL takes both for the same name.
    func isSameName(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8) { $0.lowered == $1.lowered }
    }
}

extension UInt8 {
    fileprivate var lowered: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }

    fileprivate var isPartOfWord: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x24, 0x80...: true
        default: false
        }
    }
}
