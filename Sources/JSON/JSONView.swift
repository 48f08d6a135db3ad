import CSimdJSON

/// What kind of value a JSON text holds.
public enum JSONKind: Hashable, Sendable {
    /// Members with keys.
    case object
    /// Elements in order.
    case array
    /// Text.
    case string
    /// A number of any size and precision.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`.
    case null
}

/// One value inside a parsed text: nothing is copied or decoded until asked for.
public struct JSONView: ~Escapable {
    let text: Span<UInt8>
    let tokens: Span<recount_json_token>
    let index: Int
    /// Whether the parser has seen to it that no object has a key twice.
    let hasUniqueKeys: Bool

    @_lifetime(copy text, copy tokens)
    init(
        text: Span<UInt8>,
        tokens: Span<recount_json_token>,
        index: Int,
        hasUniqueKeys: Bool
    ) {
        self.text = text
        self.tokens = tokens
        self.index = index
        self.hasUniqueKeys = hasUniqueKeys
    }

    var token: recount_json_token { tokens[index] }

    var isComplex: Bool { token.flags & UInt8(RECOUNT_JSON_FLAG_COMPLEX) != 0 }

    /// What the value is.
    public var kind: JSONKind {
        switch UInt32(token.kind) {
        case RECOUNT_JSON_OBJECT.rawValue: .object
        case RECOUNT_JSON_ARRAY.rawValue: .array
        case RECOUNT_JSON_STRING.rawValue, RECOUNT_JSON_KEY.rawValue: .string
        case RECOUNT_JSON_NUMBER.rawValue: .number
        case RECOUNT_JSON_NULL.rawValue: .null
        default: .boolean
        }
    }

    /// The number of members of an object or elements of an array; 0 for anything else.
    public var count: Int { Int(token.count) }

    /// Where the value starts in the parsed text, in bytes.
    public var byteOffset: Int { Int(token.start) }

    /// The value's text, verbatim; a string's with its quotes.
    public var rawBytes: Span<UInt8> {
        @_lifetime(copy self)
        get {
            let start = Int(token.start)
            return text.extracting(start..<start + Int(token.length))
        }
    }

    /// Whether the value is `null`.
    public var isNull: Bool { kind == .null }

    /// The truth value; nothing for another kind.
    public var boolean: Bool? {
        kind == .boolean ? UInt32(token.kind) == RECOUNT_JSON_TRUE.rawValue : nil
    }
}

// MARK: - Numbers

extension JSONView {
    /// The number where it is an integer that fits, however it is written (`1.0`, `10e-1`).
    public var integer: Int64? {
        guard let parts = integerParts else { return nil }
        return Int64(parts: parts)
    }

    /// The number where it is a non-negative integer that fits.
    public var unsignedInteger: UInt64? {
        guard let parts = integerParts else { return nil }
        return UInt64(parts: parts)
    }

    /// The nearest double; nothing for another kind and beyond the range of finite doubles.
    public var double: Double? {
        kind == .number ? JSON.double(ofNumber: rawBytes) : nil
    }

    private var integerParts: (magnitude: UInt64, isNegative: Bool)? {
        kind == .number ? JSON.integerParts(ofNumber: rawBytes, isComplex: isComplex) : nil
    }
}

// MARK: - Strings

extension JSONView {
    /// The text of a string without quotes and escapes; nothing for another kind.
    public var string: String? {
        kind == .string ? decodedString(rawBytes, isComplex: isComplex) : nil
    }

    /// The bytes between the quotes of a string that has no escapes; nothing otherwise.
    public var plainStringBytes: Span<UInt8>? {
        @_lifetime(copy self)
        get {
            guard kind == .string, !isComplex else { return nil }
            let start = Int(token.start) + 1
            return text.extracting(start..<start + Int(token.length) - 2)
        }
    }

    /// Whether the value is a string with exactly these bytes once decoded.
    public func isString(equalTo other: StaticString) -> Bool {
        other.withUTF8Buffer { isString(equalTo: $0.span) }
    }

    /// Whether the value is a string with the same UTF-8 bytes as `other` once decoded.
    public func isString(equalTo other: String) -> Bool {
        isString(equalTo: other.utf8.span)
    }

    /// Whether the value is a string with exactly these UTF-8 bytes once decoded.
    public func isString(equalTo other: Span<UInt8>) -> Bool {
        guard kind == .string else { return false }
        if isComplex {
            return decodedString(rawBytes, isComplex: true).utf8.elementsEqual(to: other)
        }
        let start = Int(token.start) + 1
        guard Int(token.length) - 2 == other.count else { return false }
        for offset in 0..<other.count
        where text[unchecked: start + offset] != other[unchecked: offset] {
            return false
        }
        return true
    }
}

extension String.UTF8View {
    func elementsEqual(to bytes: Span<UInt8>) -> Bool {
        guard count == bytes.count else { return false }
        var index = 0
        for byte in self {
            if byte != bytes[index] { return false }
            index += 1
        }
        return true
    }
}

// MARK: - Members and elements

extension JSONView {
    /// The members of an object in the order of the text; none for another kind.
    public var members: JSONMembers {
        @_lifetime(copy self)
        get { JSONMembers(of: self) }
    }

    /// The elements of an array in order; none for another kind.
    public var elements: JSONElements {
        @_lifetime(copy self)
        get { JSONElements(of: self) }
    }

    /// The value of the first member with this key; nothing where there is none.
    ///
    /// - Complexity: O(n) for n members, whatever is inside them.
    @_lifetime(copy self)
    public func member(_ key: StaticString) -> JSONView? {
        var members = members
        while let member = members.next() {
            if member.key.isString(equalTo: key) { return member.value }
        }
        return nil
    }

    /// The value of the first member with this key, compared by UTF-8 bytes.
    ///
    /// - Complexity: O(n) for n members, whatever is inside them.
    @_lifetime(copy self)
    public func member(named key: String) -> JSONView? {
        var members = members
        while let member = members.next() {
            if member.key.isString(equalTo: key) { return member.value }
        }
        return nil
    }

    @_lifetime(copy self)
    func at(_ index: Int) -> JSONView {
        JSONView(text: text, tokens: tokens, index: index, hasUniqueKeys: hasUniqueKeys)
    }
}

/// One member of an object: its key, which is a string, and its value.
public struct JSONMember: ~Escapable {
    /// The key as a string.
    public let key: JSONView
    /// The value.
    public let value: JSONView

    @_lifetime(copy key, copy value)
    init(key: JSONView, value: JSONView) {
        self.key = key
        self.value = value
    }
}

/// The members of an object, to be taken one after the other with `while let`.
public struct JSONMembers: ~Escapable {
    private let object: JSONView
    private var index: Int
    private let end: Int

    @_lifetime(copy view)
    init(of view: JSONView) {
        object = view
        index = view.index + 1
        end = view.kind == .object ? Int(view.token.next) : 0
    }

    /// Takes the next member; nothing after the last.
    @_lifetime(copy self)
    public mutating func next() -> JSONMember? {
        guard index < end else { return nil }
        let key = object.at(index)
        let value = object.at(index + 1)
        index = Int(value.token.next)
        return JSONMember(key: key, value: value)
    }
}

/// The elements of an array, to be taken one after the other with `while let`.
public struct JSONElements: ~Escapable {
    private let array: JSONView
    private var index: Int
    private let end: Int

    @_lifetime(copy view)
    init(of view: JSONView) {
        array = view
        index = view.index + 1
        end = view.kind == .array ? Int(view.token.next) : 0
    }

    /// Takes the next element; nothing after the last.
    @_lifetime(copy self)
    public mutating func next() -> JSONView? {
        guard index < end else { return nil }
        let element = array.at(index)
        index = Int(element.token.next)
        return element
    }
}
