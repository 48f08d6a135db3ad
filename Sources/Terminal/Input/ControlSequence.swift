import Screen

/// A control sequence that is complete: `ESC [`, parameters, final byte.
struct ControlSequence {
    private let marker: UInt8?
    private let hasIntermediates: Bool
    private let parameters: [Int]
    /// The part after a colon in the second parameter: 3 is a key that came up.
    private let keyAction: Int
    private let final: UInt8

    init(_ bytes: [UInt8], final: UInt8) {
        self.final = final
        let isMarked = bytes.first.map { (0x3C...0x3F).contains($0) } ?? false
        marker = isMarked ? bytes.first : nil
        hasIntermediates = bytes.contains { $0 < 0x30 }
        let fields = bytes.dropFirst(isMarked ? 1 : 0)
            .split(separator: 0x3B, omittingEmptySubsequences: false)
            .map { $0.split(separator: 0x3A, omittingEmptySubsequences: false) }
        parameters = fields.map { ControlSequence.number($0.first) }
        keyAction =
            fields.count > 1 && fields[1].count > 1 ? ControlSequence.number(fields[1][1]) : 1
    }

    /// The value of digits, at most a million; 0 if there is anything else.
    private static func number(_ digits: ArraySlice<UInt8>?) -> Int {
        (digits ?? []).reduce(0) { value, byte in
            (0x30...0x39).contains(byte) ? min(value * 10 + Int(byte) - 0x30, 1_000_000) : 0
        }
    }

    private func parameter(_ index: Int) -> Int {
        index < parameters.count ? parameters[index] : 0
    }

    var isPasteStart: Bool { isPlain && final == 0x7E && parameter(0) == 200 }

    var isOldMouse: Bool { isPlain && final == 0x4D }

    private var isPlain: Bool { marker == nil && !hasIntermediates }

    /// What the sequence means after `ESC [`; nothing if nobody knows.
    var event: InputEvent? {
        if marker == 0x3C, final == 0x4D || final == 0x6D { return mouse }
        guard isPlain, keyAction != 3 else { return nil }
        switch final {
        case 0x7E: return parameter(0) == 27 ? encoded(parameter(2)) : key(tilde)
        case 0x75: return encoded(parameter(0))
        case 0x5A: return .key(Key(.tab, modifiers.union(.shift)))
        case 0x49: return parameters == [0] ? .focus(true) : nil
        case 0x4F: return parameters == [0] ? .focus(false) : nil
        case 0x52 where parameters.count != 2 || parameter(0) != 1 || parameter(1) < 2: return nil
        default: return parameter(0) <= 1 ? key(ControlSequence.letter(final)) : nil
        }
    }

    /// What the sequence means after `ESC O`; nothing if nobody knows.
    var keypadEvent: InputEvent? {
        let held = parameters.last.map(Self.modifiers) ?? []
        if let code = ControlSequence.letter(final) { return .key(Key(code, held)) }
        switch final {
        case 0x4D: return .key(Key(.enter, held))
        case 0x58: return .key(Key(.character("="), held))
        case 0x6A...0x79: return .key(Key(.character(Unicode.Scalar(final - 0x40)), held))
        default: return nil
        }
    }

    private var modifiers: Key.Modifiers { Self.modifiers(parameter(1)) }

    private static func modifiers(_ parameter: Int) -> Key.Modifiers {
        Key.Modifiers(rawValue: UInt8(max(0, parameter - 1) & 0b111))
    }

    private func key(_ code: Key.Code?) -> InputEvent? {
        code.map { .key(Key($0, modifiers)) }
    }

    private static func letter(_ final: UInt8) -> Key.Code? {
        switch final {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50...0x53: .function(Int(final) - 0x4F)
        default: nil
        }
    }

    private var tilde: Key.Code? {
        switch parameter(0) {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(parameter(0) - 10)
        case 17...21: .function(parameter(0) - 11)
        case 23...26: .function(parameter(0) - 12)
        case 28, 29: .function(parameter(0) - 13)
        case 31...34: .function(parameter(0) - 14)
        default: nil
        }
    }

    /// A key given by the number of its character (kitty, modifyOtherKeys).
    private func encoded(_ value: Int) -> InputEvent? {
        switch value {
        case 9: return key(.tab)
        case 13: return key(.enter)
        case 27: return key(.escape)
        case 8, 127: return key(.backspace)
        case 57344...63743: return nil
        default:
            guard value >= 0x20, !(0x7F..<0xA0).contains(value),
                let scalar = Unicode.Scalar(UInt32(value))
            else { return nil }
            return key(.character(scalar))
        }
    }

    private var mouse: InputEvent? {
        guard parameters.count == 3, parameters[1] > 0, parameters[2] > 0 else { return nil }
        let code = parameters[0]
        let point = Point(x: parameters[1] - 1, y: parameters[2] - 1)
        var held: Key.Modifiers = []
        if code & 4 != 0 { held.insert(.shift) }
        if code & 8 != 0 { held.insert(.alt) }
        if code & 16 != 0 { held.insert(.control) }
        switch code & ~0b1_1100 {
        case 0...2:
            return .mouse(
                Mouse(final == 0x4D ? .press : .release, button: code & 3, at: point, held)
            )
        case 32...34: return .mouse(Mouse(.drag, button: code & 3, at: point, held))
        case 64: return .mouse(Mouse(.scrollUp, at: point, held))
        case 65: return .mouse(Mouse(.scrollDown, at: point, held))
        default: return nil
        }
    }
}
