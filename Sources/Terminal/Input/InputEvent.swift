public import Screen

/// What the person at the terminal, or the terminal itself, did.
public enum InputEvent: Hashable, Sendable {
    /// A key was pressed.
    case key(Key)
    /// The mouse was used; only while it is enabled.
    case mouse(Mouse)
    /// Text was pasted; it is from outside and not sanitized.
    case paste(String)
    /// The window got or lost the keyboard.
    case focus(Bool)
    /// The terminal has another size: draw again.
    case resize(Size)
    /// The program was stopped and goes on: everything may be out of date, the size included.
    case resumed
    /// Another thread called ``TerminalWaker/wake()``.
    case wake
    /// The terminal is gone or the program shall end.
    ///
    /// This event cannot be swallowed: once it came, every further call returns it again.
    case hangup
}

/// A key with the keys held down beside it.
public struct Key: Hashable, Sendable {
    /// Which key.
    public enum Code: Hashable, Sendable {
        /// A character as the keyboard layout gives it; never a control character.
        case character(Unicode.Scalar)
        /// Enter, also of the number pad.
        case enter
        /// Tab; with shift it goes back.
        case tab
        /// Escape.
        case escape
        /// Backspace.
        case backspace
        /// Delete.
        case delete
        /// Insert.
        case insert
        /// Home.
        case home
        /// End.
        case end
        /// Page up.
        case pageUp
        /// Page down.
        case pageDown
        /// The arrow up.
        case up
        /// The arrow down.
        case down
        /// The arrow to the left.
        case left
        /// The arrow to the right.
        case right
        /// A function key by its number, from 1.
        case function(Int)
    }

    /// Keys that change the meaning of others.
    public struct Modifiers: OptionSet, Hashable, Sendable {
        /// One bit per key, as xterm numbers them.
        public let rawValue: UInt8

        /// Makes a set from its bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Shift; for characters it is part of the character.
        public static let shift = Modifiers(rawValue: 1)
        /// Alt, also called meta.
        public static let alt = Modifiers(rawValue: 2)
        /// Control.
        public static let control = Modifiers(rawValue: 4)
    }

    /// Which key.
    public let code: Code
    /// What was held down.
    public let modifiers: Modifiers

    /// Makes a key.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }
}

/// What the mouse did, and where.
public struct Mouse: Hashable, Sendable {
    /// What it did.
    public enum Action: Hashable, Sendable {
        /// A button went down.
        case press
        /// A button came up.
        case release
        /// It moved with a button held down.
        case drag
        /// The wheel turned up.
        case scrollUp
        /// The wheel turned down.
        case scrollDown
    }

    /// What it did.
    public let action: Action
    /// The button: 0 left, 1 middle, 2 right; 0 for the wheel.
    public let button: Int
    /// The cell.
    public let point: Point
    /// The keys held down.
    public let modifiers: Key.Modifiers

    /// Makes an event.
    public init(_ action: Action, button: Int = 0, at point: Point, _ modifiers: Key.Modifiers = [])
    {
        self.action = action
        self.button = button
        self.point = point
        self.modifiers = modifiers
    }
}
