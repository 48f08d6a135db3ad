/// A JSON value that owns everything in it.
///
/// Equality and hashing go by UTF-8 bytes for strings, by text for numbers, and take no
/// notice of the order of an object's members.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number, with its text.
    case number(JSONNumber)
    /// Text.
    case string(String)
    /// Elements in order.
    case array([JSONValue])
    /// Members with keys.
    case object(JSONObject)

    /// Parses one text completely.
    ///
    /// Where duplicate keys are allowed, the last value of a key counts.
    ///
    /// - Throws: what ``JSONParser/parse(_:)-(Span<UInt8>)`` throws.
    public init(parsing bytes: Span<UInt8>, options: JSONOptions = JSONOptions())
        throws(JSONError)
    {
        var parser = JSONParser(options: options)
        self = try parser.parse(bytes).value
    }

    /// Parses one text completely, as ``init(parsing:options:)-(Span<UInt8>,_)`` does.
    public init(parsing bytes: [UInt8], options: JSONOptions = JSONOptions()) throws(JSONError) {
        try self.init(parsing: bytes.span, options: options)
    }

    /// Parses one text completely, as ``init(parsing:options:)-(Span<UInt8>,_)`` does.
    public init(parsing text: String, options: JSONOptions = JSONOptions()) throws(JSONError) {
        try self.init(parsing: text.utf8.span, options: options)
    }
}

// MARK: - Access

extension JSONValue {
    /// What the value is.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The value of an object's member; nothing where there is none or for another kind.
    ///
    /// - Complexity: O(n) for n members.
    public subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// The element of an array; nothing beyond its ends or for another kind.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// Whether the value is `null`.
    public var isNull: Bool { kind == .null }

    /// The truth value; nothing for another kind.
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The number; nothing for another kind.
    public var number: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number where it is an integer that fits.
    public var integer: Int64? { number?.integer }

    /// The nearest double; nothing for another kind and beyond the range of finite doubles.
    public var double: Double? { number?.double }

    /// The text; nothing for another kind.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements; nothing for another kind.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members; nothing for another kind.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }
}

extension JSONView {
    /// A copy that owns everything in it; of equal keys the last value counts.
    ///
    /// - Complexity: O(n) for n bytes of text.
    public var value: JSONValue {
        switch kind {
        case .null:
            return .null
        case .boolean:
            return .boolean(boolean == true)
        case .number:
            let text = rawBytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            return .number(JSONNumber(verbatim: text))
        case .string:
            return .string(decodedString(rawBytes, isComplex: isComplex))
        case .array:
            var values: [JSONValue] = []
            values.reserveCapacity(count)
            var elements = elements
            while let element = elements.next() { values.append(element.value) }
            return .array(values)
        case .object:
            return .object(objectValue)
        }
    }

    private var objectValue: JSONObject {
        var values: [JSONObject.Member] = []
        values.reserveCapacity(count)
        var members = members
        while let member = members.next() {
            let key = decodedString(member.key.rawBytes, isComplex: member.key.isComplex)
            values.append(JSONObject.Member(key: key, value: member.value.value))
        }
        if hasUniqueKeys { return JSONObject(uniqueMembers: values) }
        var builder = JSONObjectBuilder()
        for member in values { builder.set(member.key, to: member.value) }
        return builder.object
    }
}

// MARK: - Equality

extension JSONValue: Hashable {
    /// Whether both are equal.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Feeds what equality goes by to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        switch self {
        case .null: break
        case .boolean(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): value.hashBytes(into: &hasher)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

// MARK: - Literals

// There is no literal for `null`: with one, `nil` would mean a JSON null where an optional
// value is meant.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }

    /// Makes a number.
    public init(integerLiteral value: Int64) {
        self = .number(JSONNumber(value))
    }

    /// Makes a string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// Makes an array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// Makes an object; of equal keys the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var builder = JSONObjectBuilder()
        for (key, value) in elements { builder.set(key, to: value) }
        self = .object(builder.object)
    }
}
