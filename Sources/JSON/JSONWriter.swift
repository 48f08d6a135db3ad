/// Appends JSON text to bytes, commas and escapes included, without strings in between.
///
/// Every ``key(_:)`` must be followed by a value and every begin by its end; nothing
/// checks this. Several values one after the other are separated by ``lineBreak()``.
public struct JSONWriter: Sendable {
    /// What has been written, and what stood there before.
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    /// Makes a writer that appends to bytes, which should be passed on, not shared.
    public init(appendingTo bytes: consuming [UInt8] = []) {
        self.bytes = bytes
    }

    /// Gives the bytes back, without a copy.
    public consuming func finish() -> [UInt8] {
        bytes
    }

    /// Makes room for this many bytes more, so that writing them moves nothing.
    public mutating func reserveCapacity(_ count: Int) {
        bytes.reserveCapacity(bytes.count + count)
    }

    /// Forgets everything written but keeps the room for it.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Ends the line, after which the next value stands for itself.
    public mutating func lineBreak() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Opens an object.
    public mutating func beginObject() {
        open(UInt8(ascii: "{"))
    }

    /// Closes the innermost object.
    public mutating func endObject() {
        close(UInt8(ascii: "}"))
    }

    /// Opens an array.
    public mutating func beginArray() {
        open(UInt8(ascii: "["))
    }

    /// Closes the innermost array.
    public mutating func endArray() {
        close(UInt8(ascii: "]"))
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Puts a comma before a value or key that is not the first; another value will follow.
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Writes the key of the value that comes next.
    public mutating func key(_ key: String) {
        string(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes `null`.
    public mutating func null() {
        raw("null")
    }

    /// Writes `true` or `false`.
    public mutating func boolean(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    /// Writes an integer.
    public mutating func integer(_ value: some FixedWidthInteger) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        guard let magnitude = UInt64(exactly: value.magnitude) else {
            bytes.append(contentsOf: String(value.magnitude).utf8)
            return
        }
        appendDigits(magnitude)
    }

    private mutating func appendDigits(_ value: UInt64) {
        var power: UInt64 = 1
        while value / power >= 10 { power *= 10 }
        var rest = value
        while power > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / power))
            rest %= power
            power /= 10
        }
    }

    /// Writes a double in the shortest form that reads back the same; `null` for those that
    /// are not finite, which JSON has no form for.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: value.description.utf8)
    }

    /// Writes JSON text verbatim as one value, without checking it.
    public mutating func raw(_ text: Span<UInt8>) {
        separate()
        append(text)
    }

    private mutating func raw(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: Span<UInt8>) {
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
}

// MARK: - Strings

extension JSONWriter {
    /// Writes a string, escaping only quotes, backslashes and control characters.
    public mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { string(utf8: $0.span) }
    }

    /// Writes a string from bytes that must be valid UTF-8.
    public mutating func string(utf8 text: Span<UInt8>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var copied = 0
        var index = text.firstEscaped(from: 0)
        while index < text.count {
            append(text.extracting(copied..<index))
            appendEscape(text[index])
            copied = index + 1
            index = text.firstEscaped(from: copied)
        }
        append(text.extracting(copied..<text.count))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            let digit = byte & 0x0F
            bytes.append(contentsOf: [
                UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"),
                UInt8(ascii: "0") + byte >> 4,
                digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10,
            ])
        default: bytes.append(byte)
        }
    }
}

extension Span<UInt8> {
    /// The index of the first byte at or behind an index that a string must escape; the number of
    /// bytes where there is none.
    fileprivate func firstEscaped(from start: Int) -> Int {
        var index = start
        while index + 8 <= count {
            if mustEscapeInWord(at: index) { break }
            index += 8
        }
        // The last word overlaps the one before, so that most strings end without single bytes.
        if count - start >= 8, index > count - 8, !mustEscapeInWord(at: count - 8) { return count }
        while index < count {
            let byte = self[unchecked: index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            index += 1
        }
        return index
    }

    /// Whether one of eight bytes must be escaped.
    @inline(__always)
    private func mustEscapeInWord(at offset: Int) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        // A byte becomes zero where it is the wanted one, and a zero borrows from its top bit.
        let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
        let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
        let control = (word &- ones &* 0x20) & ~word
        let found = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | control
        return found & (ones &* 0x80) != 0
    }
}

// MARK: - Whole values and members

extension JSONWriter {
    /// Writes an owning value, its members in their own order or in that of their keys.
    public mutating func value(_ value: JSONValue, sortsKeys: Bool = false) {
        switch value {
        case .null: null()
        case .boolean(let value): boolean(value)
        case .number(let value): raw(value.text.utf8.span)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element, sortsKeys: sortsKeys) }
            endArray()
        case .object(let object):
            beginObject()
            let members =
                sortsKeys
                ? object.members.sorted { $0.key.precedesInBytes($1.key) } : object.members
            for member in members {
                key(member.key)
                self.value(member.value, sortsKeys: sortsKeys)
            }
            endObject()
        }
    }

    /// Writes a member with a string, or with `null` for nothing.
    public mutating func member(_ key: String, _ value: String?) {
        self.key(key)
        if let value { string(value) } else { null() }
    }

    /// Writes a member with an integer, or with `null` for nothing.
    public mutating func member(_ key: String, _ value: (some FixedWidthInteger)?) {
        self.key(key)
        if let value { integer(value) } else { null() }
    }

    /// Writes a member with a double, or with `null` for nothing.
    public mutating func member(_ key: String, _ value: Double?) {
        self.key(key)
        if let value { double(value) } else { null() }
    }

    /// Writes a member with a truth value, or with `null` for nothing.
    public mutating func member(_ key: String, _ value: Bool?) {
        self.key(key)
        if let value { boolean(value) } else { null() }
    }
}
