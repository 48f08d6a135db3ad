/// A Swift file, with its code apart from its comments and texts.
struct SourceFile {
    /// The path in the repository.
    let path: String
    /// The lines as they are.
    let lines: [Substring]
    /// The lines with comments and the contents of texts replaced by spaces.
    let code: [String]
    /// The lines with everything but comments replaced by spaces.
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var separator = CommentSeparator(text)
        separator.run()
        code = separator.code.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        comments = separator.comments.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a line with an index is inside a text of several lines.
    func isText(_ index: Int) -> Bool {
        !lines[index].isEmpty && (code[index] + comments[index]).allSatisfy { $0 == " " }
    }

    /// The indexes of the lines that hold code.
    var codeLines: [Int] {
        code.indices.filter { code[$0].utf8.contains { $0 != 0x20 } }
    }

    /// The folder below `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// A finding about the line with an index.
    func finding(_ index: Int, _ message: String) -> Finding {
        Finding(path: path, line: index + 1, message: message)
    }

    /// The matches of an expression in the code, with the indexes of their lines.
    func matches<Output>(
        of expression: Regex<Output>
    ) -> [(line: Int, match: Regex<Output>.Match)] {
        codeLines.flatMap { index in
            code[index].matches(of: expression).map { (index, $0) }
        }
    }
}

/// Goes through a Swift file byte by byte and keeps code, comments and texts apart.
private struct CommentSeparator {
    private let bytes: [UInt8]
    private var index = 0
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []

    private enum Target {
        case code
        case comments
        case neither
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func run() {
        while index < bytes.count { step() }
    }

    private mutating func step() {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#")
        else { return take(to: .code) }
        if starts(with: "//") {
            while index < bytes.count, bytes[index] != 0x0A { take(to: .comments) }
        } else if starts(with: "/*") {
            takeBlockComment()
        } else if let (hashes, quotes) = textStart() {
            takeText(hashes: hashes, quotes: quotes)
        } else {
            take(to: .code)
        }
    }

    private mutating func takeBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                take(to: .comments)
            } else if starts(with: "*/") {
                depth -= 1
                take(to: .comments)
            }
            take(to: .comments)
        } while depth > 0 && index < bytes.count
    }

    /// How many `#` and how many quotation marks start a text here; nothing where none starts.
    private func textStart() -> (hashes: Int, quotes: Int)? {
        var end = index
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        let isLong = end + 2 < bytes.count && bytes[end...end + 2].allSatisfy { $0 == 0x22 }
        return (end - index, isLong ? 3 : 1)
    }

    private mutating func takeText(hashes: Int, quotes: Int) {
        let mark = String(repeating: "#", count: hashes)
        let end = String(repeating: "\"", count: quotes) + mark
        for _ in 0..<hashes + quotes { take(to: .code) }
        while index < bytes.count, !starts(with: end) {
            if starts(with: "\\" + mark + "(") {
                for _ in 0..<hashes + 1 { take(to: .neither) }
                takeInterpolation()
            } else if starts(with: "\\" + mark) {
                for _ in 0..<hashes + 2 { take(to: .neither) }
            } else {
                take(to: .neither)
            }
        }
        for _ in 0..<hashes + quotes { take(to: .code) }
    }

    /// Takes the code in the parentheses of a text.
    private mutating func takeInterpolation() {
        var depth = 0
        repeat {
            if starts(with: "(") { depth += 1 }
            if starts(with: ")") { depth -= 1 }
            step()
        } while depth > 0 && index < bytes.count
    }

    private mutating func take(to target: Target) {
        guard index < bytes.count else { return }
        let byte = bytes[index]
        let blank: UInt8 = byte == 0x0A ? 0x0A : 0x20
        code.append(target == .code ? byte : blank)
        comments.append(target == .comments ? byte : blank)
        index += 1
    }

    private func starts(with text: String) -> Bool {
        bytes[index...].starts(with: text.utf8)
    }
}
