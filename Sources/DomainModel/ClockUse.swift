/// A place in SQL whose result depends on the clock or the time zone of the machine.
///
/// Found in the text, so that it can be told when a model is read. What hides from this, such as
/// a `now` that stands in a payload, finds no clock when it runs.
struct ClockUse {
    /// Where it begins in the SQL.
    let byteOffset: Int
    /// What is used, as it is written.
    let word: String

    /// The first such place; nothing where the result is the same at any time on any machine.
    static func first(in sql: String) -> ClockUse? {
        var calls = CallTracker()
        var tokens = SQLTokens(sql)
        while let token = tokens.next() {
            if let use = calls.clockUse(token) { return use }
        }
        return nil
    }
}

/// Knows in whose arguments a token stands.
private struct CallTracker {
    private static let dateFunctions: Set<String> = [
        "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff",
    ]
    private static let clockNames: Set<String> = [
        "current_date", "current_time", "current_timestamp",
    ]

    private struct Call {
        let function: String
        var argumentIndex = 0
        var isArgumentEmpty = true

        /// How many arguments stand before the time, which is now where it is left out.
        var formatCount: Int { function == "strftime" ? 1 : 0 }

        /// Whether a text, as an argument of its own, means the clock or the time zone.
        func isClock(_ text: String) -> Bool {
            switch text.lowercased() {
            case "now", "localtime", "utc": true
            // Before a time, this asks for a finer one; instead of it, for that of now.
            case "subsec", "subsecond": argumentIndex == formatCount
            default: false
            }
        }
    }

    /// The parentheses that are open; nothing for those of no function for dates.
    private var open: [Call?] = []
    private var lastName: String?
    /// A text at the start of an argument, which means the clock if nothing follows it there.
    private var pending: ClockUse?

    /// What of the clock a token, or the text before it, uses; nothing for most.
    mutating func clockUse(_ token: SQLTokens.Token) -> ClockUse? {
        let (name, text) = (lastName, pending)
        (lastName, pending) = (nil, nil)
        switch token.kind {
        case .name(let word, let isQuoted):
            noteArgument()
            lastName = word.lowercased()
            if !isQuoted, CallTracker.clockNames.contains(word.lowercased()) {
                return ClockUse(byteOffset: token.byteOffset, word: word)
            }
        case .text(let word):
            if let call = open.last ?? nil, call.isArgumentEmpty, call.isClock(word) {
                pending = ClockUse(byteOffset: token.byteOffset, word: "'\(word)'")
            }
            noteArgument()
        case .mark(UInt8(ascii: "(")):
            noteArgument()
            let isDate = name.map(CallTracker.dateFunctions.contains) ?? false
            open.append(isDate ? name.map { Call(function: $0) } : nil)
        case .mark(UInt8(ascii: ",")):
            if let text { return text }
            guard let last = open.indices.last else { return nil }
            open[last]?.argumentIndex += 1
            open[last]?.isArgumentEmpty = true
        case .mark(UInt8(ascii: ")")):
            if let text { return text }
            guard let call = open.popLast() ?? nil else { return nil }
            let count = call.argumentIndex + (call.isArgumentEmpty ? 0 : 1)
            guard count <= call.formatCount else { return nil }
            let word = "\(call.function) without a time"
            return ClockUse(byteOffset: token.byteOffset, word: word)
        case .mark:
            noteArgument()
        }
        return nil
    }

    private mutating func noteArgument() {
        if let last = open.indices.last { open[last]?.isArgumentEmpty = false }
    }
}

/// The tokens of SQL, as far as calls and texts can be told from the rest.
private struct SQLTokens: IteratorProtocol {
    struct Token {
        enum Kind {
            case name(String, isQuoted: Bool)
            case text(String)
            case mark(UInt8)
        }

        let kind: Kind
        let byteOffset: Int
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ sql: String) {
        bytes = Array(sql.utf8)
    }

    mutating func next() -> Token? {
        skipBlank()
        guard index < bytes.count else { return nil }
        let start = index
        switch bytes[start] {
        case UInt8(ascii: "'"): return Token(kind: .text(quoted("'")), byteOffset: start)
        case UInt8(ascii: "\""): return name(quoted("\""), start)
        case UInt8(ascii: "`"): return name(quoted("`"), start)
        case UInt8(ascii: "["): return name(quoted("]"), start)
        case let byte where SQLTokens.isWord(byte):
            while index < bytes.count, SQLTokens.isWord(bytes[index]) { index += 1 }
            let word = String(decoding: bytes[start..<index], as: UTF8.self)
            return Token(kind: .name(word, isQuoted: false), byteOffset: start)
        case let byte:
            index += 1
            return Token(kind: .mark(byte), byteOffset: start)
        }
    }

    private func name(_ text: String, _ start: Int) -> Token {
        Token(kind: .name(text, isQuoted: true), byteOffset: start)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// Takes a quoted text with the quote before it; a doubled quote stands for one.
    private mutating func quoted(_ quote: Unicode.Scalar) -> String {
        let end = UInt8(ascii: quote)
        var text: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == end {
                guard index < bytes.count, bytes[index] == end else { break }
                index += 1
            }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Passes over white space and comments.
    private mutating func skipBlank() {
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: "--".utf8) {
                index = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            } else if rest.starts(with: "/*".utf8) {
                index += 2
                while index < bytes.count, !bytes[index...].starts(with: "*/".utf8) { index += 1 }
                index = min(index + 2, bytes.count)
            } else if rest[index] <= 0x20 {
                index += 1
            } else {
                return
            }
        }
    }
}
