/// Shows a payload to an enumeration as the parts of one of its cases.
///
/// What the compiler makes for an enumeration reads an object with one member, whose key is the
/// case and whose value is an object with the parts. Here that member stands around the payload.
struct CasePlace: Decoder {
    let name: String
    let payload: DecodingPlace

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(CaseContainer<Key>(place: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw notACase
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        throw notACase
    }

    var notACase: DecodingError {
        .dataCorrupted(
            DecodingError.Context(
                codingPath: [],
                debugDescription: "The event's type does not decode as an enumeration's case."
            )
        )
    }
}

/// The one member that stands around a payload.
private struct CaseContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let place: CasePlace

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        guard let key = Key(stringValue: place.name) else { return [] }
        return [key]
    }

    func contains(_ key: Key) -> Bool { key.stringValue == place.name }

    func decodeNil(forKey key: Key) throws -> Bool { throw place.notACase }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        throw place.notACase
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(KeyedDecodingPlace<Nested>(place: place.payload, isPayload: true))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw place.notACase
    }

    func superDecoder() throws -> any Decoder { throw place.notACase }

    func superDecoder(forKey key: Key) throws -> any Decoder { throw place.notACase }
}
