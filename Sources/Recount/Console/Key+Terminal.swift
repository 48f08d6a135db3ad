import ConsoleModel
import Terminal

extension ConsoleModel.Key {
    /// A key as the terminal decoded it; nothing for keys the console knows no use for.
    init?(_ key: Terminal.Key) {
        let code: Code
        switch key.code {
        case .character(let scalar): code = .character(Character(scalar))
        case .enter: code = .enter
        case .tab: code = .tab
        case .escape: code = .escape
        case .backspace: code = .backspace
        case .delete: code = .delete
        case .home: code = .home
        case .end: code = .end
        case .pageUp: code = .pageUp
        case .pageDown: code = .pageDown
        case .up: code = .up
        case .down: code = .down
        case .left: code = .left
        case .right: code = .right
        case .function(let number): code = .function(number)
        case .insert: return nil
        }
        var modifiers: Modifiers = []
        if key.modifiers.contains(.control) { modifiers.insert(.control) }
        if key.modifiers.contains(.alt) { modifiers.insert(.alternate) }
        if key.modifiers.contains(.shift) { modifiers.insert(.shift) }
        self.init(code, modifiers)
    }
}
