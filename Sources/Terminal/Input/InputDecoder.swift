/// Turns the bytes that a terminal sends into events.
///
/// A value without a clock: bytes go in as they come, cut anywhere, and silence is told by
/// ``silence()``. What is not understood (replies to questions of other programs, keys that nobody
/// knows) is swallowed whole, so that its letters are never taken for keys.
public struct InputDecoder: Sendable {
    /// What the bytes so far are the beginning of.
    enum State: Equatable, Sendable {
        case ground
        /// Bytes of a character of several.
        case character
        case escape
        /// `ESC [`, with what follows in `buffer`.
        case control
        /// `ESC O`.
        case single
        /// `ESC [ [`: function keys of the Linux console.
        case console
        /// A string for the terminal, such as a title, until its terminator.
        case string
        /// In a string, after an escape.
        case stringEscape
        /// The three bytes after `ESC [ M`.
        case oldMouse(Int)
        case paste
    }

    private var state = State.ground
    private var buffer: [UInt8] = []
    private var events: [InputEvent] = []

    private static let sequenceLimit = 64
    private static let pasteLimit = 1 << 20
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// Makes a decoder that expects the start of something.
    public init() {}

    /// How long to wait for more bytes before calling ``silence()``; nothing if nothing is open.
    ///
    /// A lone escape is a key after 25 ms; anything longer was cut by the line and gets more.
    public var patienceMilliseconds: Int? {
        switch state {
        case .ground: nil
        case .escape: 25
        case .paste: 5_000
        default: 500
        }
    }

    /// Takes bytes and returns what they complete.
    public mutating func receive(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        for byte in bytes { receive(byte) }
        defer { events.removeAll() }
        return events
    }

    /// Ends what is open, because nothing came for ``patienceMilliseconds``.
    public mutating func silence() -> [InputEvent] {
        switch state {
        case .escape: emit(.escape)
        case .paste: endPaste(dropping: 0)
        default: break
        }
        state = .ground
        buffer.removeAll()
        defer { events.removeAll() }
        return events
    }

    private mutating func receive(_ byte: UInt8) {
        switch state {
        case .ground: ground(byte, [])
        case .character: character(byte)
        case .escape: escape(byte)
        case .control: control(byte)
        case .single: single(byte)
        case .console:
            state = .ground
            if (0x41...0x45).contains(byte) { emit(.function(Int(byte) - 0x40)) }
        case .string: string(byte)
        case .stringEscape:
            state = byte == 0x5C ? .ground : .string
            if state == .string { string(byte) }
        case .oldMouse(let left): state = left > 1 ? .oldMouse(left - 1) : .ground
        case .paste: paste(byte)
        }
    }

    private mutating func ground(_ byte: UInt8, _ modifiers: Key.Modifiers) {
        state = .ground
        switch byte {
        case 0x1B: state = .escape
        case 0x09: emit(.tab, modifiers)
        case 0x0D: emit(.enter, modifiers)
        case 0x08, 0x7F: emit(.backspace, modifiers)
        case 0x00: emit(.character(" "), modifiers.union(.control))
        case 0x01...0x1A:
            emit(.character(Unicode.Scalar(byte + 0x60)), modifiers.union(.control))
        case 0x1C...0x1F:
            emit(.character(Unicode.Scalar(byte + 0x40)), modifiers.union(.control))
        case 0x20...0x7E: emit(.character(Unicode.Scalar(byte)), modifiers)
        case 0xC2...0xF4:
            buffer = [byte]
            state = .character
        default: break
        }
    }

    private mutating func character(_ byte: UInt8) {
        guard byte & 0xC0 == 0x80 else {
            buffer.removeAll()
            ground(byte, [])
            return
        }
        buffer.append(byte)
        let length = buffer[0] < 0xE0 ? 2 : buffer[0] < 0xF0 ? 3 : 4
        guard buffer.count == length else { return }
        var decoder = UTF8()
        var bytes = buffer.makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&bytes), scalar.value >= 0xA0 {
            emit(.character(scalar))
        }
        buffer.removeAll()
        state = .ground
    }

    private mutating func escape(_ byte: UInt8) {
        buffer.removeAll()
        switch byte {
        case 0x5B: state = .control
        case 0x4F: state = .single
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: state = .string
        case 0x1B: emit(.escape)
        case 0x80...0xFF: ground(byte, [])
        default: ground(byte, .alt)
        }
    }

    private mutating func control(_ byte: UInt8) {
        switch byte {
        case 0x5B where buffer.isEmpty: state = .console
        case 0x20...0x3F:
            if buffer.count < InputDecoder.sequenceLimit { buffer.append(byte) }
        case 0x40...0x7E:
            state = .ground
            let sequence = ControlSequence(buffer, final: byte)
            buffer.removeAll()
            if sequence.isPasteStart {
                state = .paste
            } else if sequence.isOldMouse {
                state = .oldMouse(3)
            } else if let event = sequence.event {
                events.append(event)
            }
        default:
            buffer.removeAll()
            ground(byte, [])
        }
    }

    private mutating func single(_ byte: UInt8) {
        switch byte {
        case 0x30...0x3B:
            if buffer.count < InputDecoder.sequenceLimit { buffer.append(byte) }
        case 0x40...0x7E:
            state = .ground
            if let event = ControlSequence(buffer, final: byte).keypadEvent { events.append(event) }
            buffer.removeAll()
        default:
            buffer.removeAll()
            ground(byte, [])
        }
    }

    /// Swallows a string; a control that cancels, or an interrupt, ends it.
    private mutating func string(_ byte: UInt8) {
        switch byte {
        case 0x07, 0x18, 0x1A: state = .ground
        case 0x03: ground(byte, [])
        case 0x1B: state = .stringEscape
        default: state = .string
        }
    }

    private mutating func paste(_ byte: UInt8) {
        let end = InputDecoder.pasteEnd
        if buffer.count < InputDecoder.pasteLimit + end.count {
            buffer.append(byte)
        } else {
            buffer.replaceSubrange(
                (buffer.count - end.count)...,
                with: buffer.suffix(end.count - 1) + [byte]
            )
        }
        if byte == end[end.count - 1], buffer.suffix(end.count).elementsEqual(end) {
            endPaste(dropping: end.count)
        }
    }

    private mutating func endPaste(dropping count: Int) {
        let text = buffer.dropLast(count).prefix(InputDecoder.pasteLimit)
        events.append(.paste(String(decoding: text, as: UTF8.self)))
        buffer.removeAll()
        state = .ground
    }

    private mutating func emit(_ code: Key.Code, _ modifiers: Key.Modifiers = []) {
        events.append(.key(Key(code, modifiers)))
    }
}
