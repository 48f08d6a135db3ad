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
        try withDecodingPlace(of: payload) { try $0.decode(type) }
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

    /// Parses the text and lends out the place of its value.
    func withDecodingPlace<Result>(
        of payload: Span<UInt8>,
        _ body: (DecodingPlace) throws -> Result
    ) throws -> Result {
        try ParserPool.shared.withParser(forSize: payload.count) { parser in
            let context: DecodingContext
            do throws(JSONError) {
                context = DecodingContext(try parser.parse(payload))
            } catch {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(
                        codingPath: [],
                        debugDescription: error.description,
                        underlyingError: error
                    )
                )
            }
            defer { context.invalidate() }
            return try body(DecodingPlace(context: context, index: 0))
        }
    }
}

/// The state of one decoding: the parsed text, for as long as it is there.
final class DecodingContext {
    private var knownBase: JSONViewBase?
    /// The object in which a key was found last, and the member after that one.
    private var hint = (object: -1, member: 0)

    init(_ view: borrowing JSONView) {
        knownBase = JSONViewBase(view)
    }

    /// Ends the use of the text, for a decoder that has been kept.
    func invalidate() {
        knownBase = nil
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
        return member(key, base, from: start, to: end, object)
            ?? member(key, base, from: object + 1, to: start, object)
    }

    private func member(
        _ key: String,
        _ base: JSONViewBase,
        from start: Int,
        to end: Int,
        _ object: Int
    ) -> Int? {
        let bytes = key.utf8.span
        var index = start
        while index < end {
            let next = base.index(after: index + 1)
            if base.view(at: index).isString(equalTo: bytes) {
                hint = (object, next)
                return index + 1
            }
            index = next
        }
        return nil
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
