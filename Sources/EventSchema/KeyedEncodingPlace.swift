import JSON

/// The members of the object at a place.
struct KeyedEncodingPlace<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: EncodingPlace

    var codingPath: [any CodingKey] { place.codingPath }

    /// Writes a key, and its value with the closure; not where the object is complete already.
    @inline(__always)
    private func put(_ key: Key, _ write: (inout JSONWriter) -> Void) {
        if putKey(key.stringValue) { write(&place.context.writer) }
    }

    private func putKey(_ key: String) -> Bool {
        guard place.context.focus(place) else { return false }
        place.context.writeKey(key, at: place.depth)
        return true
    }

    func encodeNil(forKey key: Key) { put(key) { $0.null() } }
    func encode(_ value: Bool, forKey key: Key) { put(key) { $0.boolean(value) } }
    func encode(_ value: String, forKey key: Key) { put(key) { $0.string(value) } }
    func encode(_ value: Int, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: Int8, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: Int16, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: Int32, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: Int64, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: Int128, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: UInt, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: UInt8, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: UInt16, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: UInt32, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: UInt64, forKey key: Key) { put(key) { $0.integer(value) } }
    func encode(_ value: UInt128, forKey key: Key) { put(key) { $0.integer(value) } }

    func encode(_ value: Double, forKey key: Key) throws {
        _ = putKey(key.stringValue)
        try place.context.write(value, text: value.description, key: key)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        _ = putKey(key.stringValue)
        try place.context.write(Double(value), text: value.description, key: key)
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        if putKey(key.stringValue) { try place.context.encode(value, key: key) }
    }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        open(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        open(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        open(SchemaKey.parent)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        open(key)
    }

    private func open(_ key: any CodingKey) -> EncodingPlace {
        _ = putKey(key.stringValue)
        return place.context.open(key: key)
    }
}
