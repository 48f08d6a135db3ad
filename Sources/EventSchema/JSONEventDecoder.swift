import JSON

/// Decodes values from JSON.
///
/// Integers are exact: one that does not fit its type is an error, also where it is written
/// with a fraction or an exponent. An object with the same key twice is an error.
public struct JSONEventDecoder: Sendable {
    /// Makes a decoder.
    public init() {}

    /// Decodes a value from JSON text.
    ///
    /// - Parameters:
    ///   - type: what to decode.
    ///   - payload: the JSON text.
    /// - Returns: the value.
    /// - Throws: `DecodingError` with the way to the place; what the type throws.
    public func decode<Value: Decodable>(
        _ type: Value.Type,
        from payload: Span<UInt8>
    ) throws -> Value {
        let context = try DecodingContext(parsing: payload)
        defer { context.finish() }
        return try Value(from: DecodingPlace(context: context, index: 0))
    }

    /// Decodes a value from JSON text.
    ///
    /// - Parameters:
    ///   - type: what to decode.
    ///   - payload: the JSON text.
    /// - Returns: the value.
    /// - Throws: `DecodingError` with the way to the place; what the type throws.
    public func decode<Value: Decodable>(
        _ type: Value.Type,
        from payload: [UInt8]
    ) throws -> Value {
        try decode(type, from: payload.span)
    }
}

/// The state of one decoding: the parsed text, for as long as it is there.
///
/// Used by one thread in one call, so that its properties need no check for overlapping use.
final class DecodingContext {
    @exclusivity(unchecked) private var knownBase: JSONViewBase?
    /// The object in which a key was found last, and the member after that one.
    @exclusivity(unchecked) private var hint = (object: -1, member: 0)
    private let parser: PooledParser
    private let size: Int

    /// Parses a text, which must stay until ``finish()`` has been called.
    init(parsing payload: Span<UInt8>) throws {
        parser = ParserPool.shared.take()
        size = payload.count
        do throws(JSONError) {
            knownBase = try DecodingContext.base(of: payload, &parser.parser)
        } catch {
            ParserPool.shared.put(parser, afterSize: size)
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: [],
                    debugDescription: error.description,
                    underlyingError: error
                )
            )
        }
    }

    private static func base(
        of payload: Span<UInt8>,
        _ parser: inout JSONParser
    ) throws(JSONError) -> JSONViewBase {
        JSONViewBase(try parser.parse(payload))
    }

    /// Ends the use of the text, also for a decoder that has been kept.
    func finish() {
        knownBase = nil
        ParserPool.shared.put(parser, afterSize: size)
    }

    var base: JSONViewBase {
        guard let knownBase else {
            preconditionFailure("A decoder must not be used after its value has been decoded.")
        }
        return knownBase
    }

    /// The index of the value of a member; nothing where there is none.
    ///
    /// Members are mostly asked for in their order, so the search goes on where it ended.
    func member(_ key: String, of object: Int) -> Int? {
        let base = base
        let end = base.index(after: object)
        let start = hint.object == object ? hint.member : object + 1
        let bytes = key.utf8.span
        guard
            let found = base.indexOfKey(bytes, from: start, to: end)
                ?? base.indexOfKey(bytes, from: object + 1, to: start)
        else { return nil }
        hint = (object, base.index(after: found + 1))
        return found + 1
    }

    /// Notes that the member after a value will probably be wanted next.
    func resume(object: Int, after value: Int) {
        hint = (object, base.index(after: value))
    }

    /// The way from the outermost value to one inside.
    func codingPath(to target: Int) -> [any CodingKey] {
        let base = base
        var path: [any CodingKey] = []
        var current = 0
        while current < target {
            let isObject = base.view(at: current).kind == .object
            var child = current + 1
            var position = 0
            while true {
                let value = isObject ? child + 1 : child
                guard base.index(after: value) <= target else {
                    let name = isObject ? base.view(at: child).string ?? "" : ""
                    path.append(
                        isObject ? SchemaKey(stringValue: name) : SchemaKey(intValue: position)
                    )
                    current = value
                    break
                }
                child = base.index(after: value)
                position += 1
            }
        }
        return path
    }
}
