import JSON

/// The elements of the array at a place.
struct UnkeyedDecodingPlace: UnkeyedDecodingContainer {
    private let place: DecodingPlace
    private var next: Int
    private(set) var currentIndex = 0
    let count: Int?

    init(_ place: DecodingPlace) {
        self.place = place
        next = place.index + 1
        count = place.context.base.view(at: place.index).count
    }

    var codingPath: [any CodingKey] { place.codingPath }
    var isAtEnd: Bool { currentIndex == count }

    private func element(_ type: any Any.Type) throws -> DecodingPlace {
        if !isAtEnd { return DecodingPlace(context: place.context, index: next) }
        throw DecodingError.valueNotFound(
            type,
            DecodingError.Context(
                codingPath: codingPath + [SchemaKey(intValue: currentIndex)],
                debugDescription: "The array has no more elements."
            )
        )
    }

    /// Takes an element; one that cannot be decoded stays the next.
    private mutating func take<Value>(
        _ type: any Any.Type,
        _ read: (DecodingPlace) throws -> Value
    ) throws -> Value {
        let value = try read(element(type))
        next = place.context.base.index(after: next)
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard try element(Never.self).decodeNil() else { return false }
        return try take(Never.self) { _ in true }
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try take(type) { try Value(from: $0) }
    }

    mutating func nestedContainer<Nested>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try take([String: Any].self) { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take([Any].self) { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try take(DecodingPlace.self) { $0 }
    }
}
