import JSON

/// The place of one value, which is a decoder for it and a container for one value.
struct DecodingPlace: Decoder, SingleValueDecodingContainer {
    let context: DecodingContext
    let index: Int

    var codingPath: [any CodingKey] { context.codingPath(to: index) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try require(.object, [String: Any].self)
        return KeyedDecodingContainer(KeyedDecodingPlace<Key>(place: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try require(.array, [Any].self)
        return UnkeyedDecodingPlace(self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        self
    }

    var kind: JSONKind { context.base.view(at: index).kind }

    func require(_ kind: JSONKind, _ type: any Any.Type) throws {
        if self.kind != kind { throw mismatch(type) }
    }

    func mismatch(_ type: any Any.Type) -> DecodingError {
        let kind = kind
        let context = DecodingError.Context(
            codingPath: codingPath,
            debugDescription: "Expected \(type) but found \(kind)."
        )
        return kind == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    private func outOfRange(_ type: any Any.Type) -> DecodingError {
        let text = context.base.view(at: index).rawBytes
            .withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self).excerpt }
        return .dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "The number \(text) is no \(type)."
            )
        )
    }

    private func signed<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        let view = context.base.view(at: index)
        if let integer = view.integer, let value = Value(exactly: integer) { return value }
        throw view.kind == .number ? outOfRange(type) : mismatch(type)
    }

    private func unsigned<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        let view = context.base.view(at: index)
        if let integer = view.unsignedInteger, let value = Value(exactly: integer) { return value }
        throw view.kind == .number ? outOfRange(type) : mismatch(type)
    }

    /// Integers of 128 bits, which beyond 64 must be written without fraction and exponent.
    private func wide<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        let view = context.base.view(at: index)
        guard view.kind == .number else { throw mismatch(type) }
        if let integer = view.integer, let value = Value(exactly: integer) { return value }
        let text = view.rawBytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        guard let value = Value(text) else { throw outOfRange(type) }
        return value
    }

    func decodeNil() -> Bool { kind == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard let value = context.base.view(at: index).boolean else { throw mismatch(type) }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        guard let value = context.base.view(at: index).string else { throw mismatch(type) }
        return value
    }

    func decode(_ type: Double.Type) throws -> Double {
        let view = context.base.view(at: index)
        guard view.kind == .number else { throw mismatch(type) }
        guard let value = view.double else { throw outOfRange(type) }
        return value
    }

    func decode(_ type: Float.Type) throws -> Float {
        let value = Float(try decode(Double.self))
        guard value.isFinite else { throw outOfRange(type) }
        return value
    }

    func decode(_ type: Int.Type) throws -> Int { try signed(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try signed(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try signed(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try signed(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try signed(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try wide(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try unsigned(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try unsigned(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try unsigned(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try unsigned(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try unsigned(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try wide(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: self)
    }
}
