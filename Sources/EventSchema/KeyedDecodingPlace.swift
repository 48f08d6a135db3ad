import JSON

/// The members of the object at a place.
struct KeyedDecodingPlace<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let context: DecodingContext
    private let object: Int
    private let isObject: Bool
    /// Whether the key `_0` stands for the whole value where no member has it: the payload of
    /// an event with one unnamed part is that part.
    private let isPayload: Bool

    init(place: DecodingPlace, isPayload: Bool = false) {
        context = place.context
        object = place.index
        self.isPayload = isPayload
        isObject = place.kind == .object
    }

    var codingPath: [any CodingKey] { context.codingPath(to: object) }

    var allKeys: [Key] {
        var keys: [Key] = []
        var members = context.base.view(at: object).members
        while let member = members.next() {
            if let key = member.key.string.flatMap({ Key(stringValue: $0) }) { keys.append(key) }
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { find(key.stringValue) != nil }

    private func find(_ name: String) -> Int? {
        if isObject, let index = context.member(name, of: object) { return index }
        return isPayload && name == "_0" ? object : nil
    }

    private func member(_ key: Key) throws -> DecodingPlace {
        if let found = find(key.stringValue) {
            return DecodingPlace(context: context, index: found)
        }
        throw missing(key)
    }

    private func missing(_ key: any CodingKey) -> DecodingError {
        .keyNotFound(
            key,
            DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "There is no member \(key.stringValue)."
            )
        )
    }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try member(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try member(key).decode(type)
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try member(key).decode(type)
    }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try member(key).decode(type)
    }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try member(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try member(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 {
        try member(key).decode(type)
    }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
        try member(key).decode(type)
    }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
        try member(key).decode(type)
    }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
        try member(key).decode(type)
    }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try member(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try member(key).decode(type)
    }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try member(key).decode(type)
    }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try member(key).decode(type)
    }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try member(key).decode(type)
    }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
        try member(key).decode(type)
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let member = try member(key)
        let value = try Value(from: member)
        if member.index != object { context.resume(object: object, after: member.index) }
        return value
    }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        guard let index = find(SchemaKey.parent.stringValue) else {
            throw missing(SchemaKey.parent)
        }
        return DecodingPlace(context: context, index: index)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}
