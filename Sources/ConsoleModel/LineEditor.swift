/// One line of text an operator types.
public struct LineEditor: Hashable, Sendable {
    /// The text so far.
    public internal(set) var text: String
    /// How many characters stand before the cursor.
    public internal(set) var cursor: Int

    /// Makes an editor with the cursor at the end of the text.
    public init(_ text: String = "") {
        self.text = text
        cursor = text.count
    }

    private static let lengthMaximum = 500

    /// Puts text at the cursor; only its first line, without control characters.
    mutating func insert(_ addition: String) {
        let line = addition.prefix { !$0.isNewline }
            .filter { character in
                character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            }
        let room = max(0, LineEditor.lengthMaximum - text.count)
        let place = text.index(text.startIndex, offsetBy: cursor)
        let countBefore = text.count
        text.insert(contentsOf: line.prefix(room), at: place)
        cursor = min(text.count, cursor + max(0, text.count - countBefore))
    }

    /// Obeys an editing key.
    ///
    /// - Returns: whether the key was one.
    mutating func handle(_ key: Key) -> Bool {
        if let character = key.typed {
            insert(String(character))
            return true
        }
        switch (key.code, key.modifiers.contains(.control)) {
        case (.backspace, _), (.character("h"), true): delete(fromOffset: cursor - 1)
        case (.delete, _), (.character("d"), true): delete(fromOffset: cursor)
        case (.left, _), (.character("b"), true): cursor = max(0, cursor - 1)
        case (.right, _), (.character("f"), true): cursor = min(text.count, cursor + 1)
        case (.home, _), (.character("a"), true): cursor = 0
        case (.end, _), (.character("e"), true): cursor = text.count
        case (.character("u"), true): self = LineEditor()
        case (.character("w"), true): deleteWord()
        default: return false
        }
        return true
    }

    private mutating func delete(fromOffset offset: Int) {
        guard offset >= 0, offset < text.count else { return }
        text.remove(at: text.index(text.startIndex, offsetBy: offset))
        cursor = min(offset, text.count)
    }

    private mutating func deleteWord() {
        var head = Array(text)[..<cursor]
        let tail = Array(text)[cursor...]
        while head.last == " " { head.removeLast() }
        while let last = head.last, last != " " { head.removeLast() }
        text = String(head) + String(tail)
        cursor = min(head.count, text.count)
    }
}
