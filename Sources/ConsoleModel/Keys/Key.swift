/// One press of a key, as the terminal's decoder understood it.
public struct Key: Hashable, Sendable {
    /// Which key it was.
    public enum Code: Hashable, Sendable {
        /// A key that writes a character; upper case already says that Shift was held.
        case character(Character)
        /// The Enter key.
        case enter
        /// The Escape key.
        case escape
        /// The Tab key.
        case tab
        /// The key that deletes to the left.
        case backspace
        /// The key that deletes to the right.
        case delete
        /// The arrow up.
        case up
        /// The arrow down.
        case down
        /// The arrow to the left.
        case left
        /// The arrow to the right.
        case right
        /// The Home key.
        case home
        /// The End key.
        case end
        /// The Page Up key.
        case pageUp
        /// The Page Down key.
        case pageDown
        /// A function key, from 1.
        case function(Int)
    }

    /// The keys that were held with it.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        /// One bit for each key.
        public let rawValue: UInt8

        /// Makes a set from its bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The Control key.
        public static let control = Modifiers(rawValue: 1)
        /// The Alt or Meta key.
        public static let alternate = Modifiers(rawValue: 2)
        /// The Shift key, where the character does not already say so.
        public static let shift = Modifiers(rawValue: 4)
    }

    /// Which key it was.
    public var code: Code
    /// What was held with it.
    public var modifiers: Modifiers

    /// Makes a press of a key.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// A character without modifiers.
    public static func character(_ character: Character) -> Key {
        Key(.character(character))
    }

    /// A character while Control is held.
    public static func control(_ character: Character) -> Key {
        Key(.character(character), .control)
    }

    /// The Enter key alone.
    public static let enter = Key(.enter)
    /// The Escape key alone.
    public static let escape = Key(.escape)
    /// The Tab key alone.
    public static let tab = Key(.tab)

    /// The character it writes, where it writes one.
    var typed: Character? {
        guard case .character(let character) = code,
            modifiers.isDisjoint(with: [.control, .alternate])
        else { return nil }
        return character
    }
}

extension Key: CustomStringConvertible {
    /// The key as help and footer write it, such as `Ctrl-C`.
    public var description: String {
        var text = ""
        if modifiers.contains(.control) { text += "Ctrl-" }
        if modifiers.contains(.alternate) { text += "Alt-" }
        if modifiers.contains(.shift) { text += "Shift-" }
        return text + name
    }

    private var name: String {
        switch code {
        case .character(" "): "Space"
        case .character(let character):
            modifiers.contains(.control) ? character.uppercased() : String(character)
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        }
    }
}
