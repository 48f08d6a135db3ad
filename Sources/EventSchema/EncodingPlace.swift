import JSON

/// The place of one value, which is an encoder for it and every container in it.
struct EncodingPlace: Encoder {
    let context: EncodingContext
    let depth: Int
    let identifier: Int

    var codingPath: [any CodingKey] { context.codingPath(depth: depth) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        beginObject()
        return KeyedEncodingContainer(KeyedEncodingPlace<Key>(place: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        beginArray()
        return self
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        self
    }

    func beginObject() {
        guard context.focus(self) else { return }
        switch context.levels[depth].state {
        case .object: break
        case .empty:
            context.writer.beginObject()
            context.set(.object, at: depth)
        default: context.fail("A value is encoded in two ways.", at: self)
        }
    }

    func beginArray() {
        guard context.focus(self) else { return }
        switch context.levels[depth].state {
        case .array: break
        case .empty:
            context.writer.beginArray()
            context.set(.array(count: 0), at: depth)
        default: context.fail("A value is encoded in two ways.", at: self)
        }
    }

    func encodeMembers<Value: Encodable>(_ members: some Sequence<(String, Value?)>) throws {
        var container = container(keyedBy: SchemaKey.self)
        for (key, value) in members {
            if let value { try container.encode(value, forKey: SchemaKey(stringValue: key)) }
        }
    }

    /// Makes room for an element of an array or for the one value, and writes it.
    private func put(_ write: (inout JSONWriter) throws -> Void) rethrows {
        guard context.focus(self) else { return }
        switch context.levels[depth].state {
        case .array(let count): context.set(.array(count: count + 1), at: depth)
        case .empty: context.set(.complete, at: depth)
        default: return context.fail("A value is encoded in two ways.", at: self)
        }
        try write(&context.writer)
    }

    private var elementKey: (any CodingKey)? {
        guard case .array(let count) = context.levels[depth].state else { return nil }
        return SchemaKey(intValue: max(0, count - 1))
    }
}

extension EncodingPlace: SingleValueEncodingContainer {
    func encodeNil() { put { $0.null() } }
    func encode(_ value: Bool) { put { $0.boolean(value) } }
    func encode(_ value: String) { put { $0.string(value) } }
    func encode(_ value: Int) { put { $0.integer(value) } }
    func encode(_ value: Int8) { put { $0.integer(value) } }
    func encode(_ value: Int16) { put { $0.integer(value) } }
    func encode(_ value: Int32) { put { $0.integer(value) } }
    func encode(_ value: Int64) { put { $0.integer(value) } }
    func encode(_ value: Int128) { put { $0.integer(value) } }
    func encode(_ value: UInt) { put { $0.integer(value) } }
    func encode(_ value: UInt8) { put { $0.integer(value) } }
    func encode(_ value: UInt16) { put { $0.integer(value) } }
    func encode(_ value: UInt32) { put { $0.integer(value) } }
    func encode(_ value: UInt64) { put { $0.integer(value) } }
    func encode(_ value: UInt128) { put { $0.integer(value) } }

    func encode(_ value: Double) throws {
        put { _ in }
        try context.write(value, text: value.description, key: elementKey)
    }

    func encode(_ value: Float) throws {
        put { _ in }
        try context.write(Double(value), text: value.description, key: elementKey)
    }

    func encode<Value: Encodable>(_ value: Value) throws {
        put { _ in }
        try context.encode(value, key: elementKey)
    }
}

extension EncodingPlace: UnkeyedEncodingContainer {
    var count: Int {
        if case .array(let count) = context.levels[depth].state { count } else { 0 }
    }

    func nestedContainer<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        openElement().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        openElement().unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        openElement()
    }

    private func openElement() -> EncodingPlace {
        put { _ in }
        return context.open(key: elementKey)
    }
}
