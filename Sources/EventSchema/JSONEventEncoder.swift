import JSON

/// Encodes values as JSON, members in the order in which they are encoded.
///
/// Dictionaries with strings or integers as keys are encoded in the order of their keys, so
/// that equal values give equal bytes; sets have no order. Containers must be filled one after
/// the other: once the next one has been started, the one before is complete.
public struct JSONEventEncoder: Sendable {
    /// Makes an encoder.
    public init() {}

    /// Encodes a value as JSON text.
    ///
    /// - Throws: `EncodingError` for a double that is not finite, for a value that encodes
    ///   nothing, and for containers that are filled out of order; what the value throws.
    public func encode(_ value: some Encodable) throws -> [UInt8] {
        let context = EncodingContext()
        try context.encode(value, key: nil)
        return try context.finish()
    }
}

/// The state of one encoding: the text so far and the values that are not complete.
final class EncodingContext {
    /// A place for one value.
    struct Level {
        enum State {
            case empty
            case object
            case array(count: Int)
            case complete
        }

        let identifier: Int
        let key: (any CodingKey)?
        var state = State.empty
    }

    var writer = JSONWriter()
    private(set) var levels: [Level] = []
    private var nextIdentifier = 0
    private var failure: EncodingError?
    private var dictionaries: [ObjectIdentifier: Bool] = [:]

    func finish() throws -> [UInt8] {
        if let failure { throw failure }
        return writer.bytes
    }

    func codingPath(depth: Int) -> [any CodingKey] {
        levels.prefix(depth + 1).compactMap(\.key)
    }

    /// Opens a place inside the innermost one.
    func open(key: (any CodingKey)?) -> EncodingPlace {
        nextIdentifier += 1
        levels.append(Level(identifier: nextIdentifier, key: key))
        return EncodingPlace(context: self, depth: levels.count - 1, identifier: nextIdentifier)
    }

    /// Completes every value inside the one at `depth`.
    func close(above depth: Int) {
        while levels.count > depth + 1 {
            switch levels.removeLast().state {
            case .empty:
                writer.beginObject()
                writer.endObject()
            case .object: writer.endObject()
            case .array: writer.endArray()
            case .complete: break
            }
        }
    }

    /// Makes a place the innermost one; false where it is complete already.
    func focus(_ place: EncodingPlace) -> Bool {
        guard place.depth < levels.count, levels[place.depth].identifier == place.identifier else {
            fail("A container must be filled before the next one is started.", at: place)
            return false
        }
        close(above: place.depth)
        return true
    }

    func fail(_ message: String, at place: EncodingPlace) {
        guard failure == nil else { return }
        let path = codingPath(depth: min(place.depth, levels.count - 1))
        failure = EncodingError.invalidValue(
            "",
            EncodingError.Context(codingPath: path, debugDescription: message)
        )
    }

    func set(_ state: Level.State, at depth: Int) {
        levels[depth].state = state
    }

    /// Encodes a value that is no primitive; its key has been written.
    func encode<Value: Encodable>(_ value: Value, key: (any CodingKey)?) throws {
        let place = open(key: key)
        if isDictionary(Value.self), let dictionary = value as? any SortableDictionary {
            try dictionary.encodeSorted(to: place)
        } else {
            try value.encode(to: place)
        }
        if levels[place.depth].state.isEmpty, place.depth == 0 {
            throw EncodingError.invalidValue(
                value,
                EncodingError.Context(
                    codingPath: codingPath(depth: place.depth),
                    debugDescription: "The value encodes nothing."
                )
            )
        }
        close(above: place.depth - 1)
        if let failure { throw failure }
    }

    private func isDictionary<Value>(_ type: Value.Type) -> Bool {
        if let known = dictionaries[ObjectIdentifier(type)] { return known }
        let isDictionary = type is any SortableDictionary.Type
        dictionaries[ObjectIdentifier(type)] = isDictionary
        return isDictionary
    }

    /// Writes a number, refusing what JSON has no form for.
    func write(_ value: Double, text: String, key: (any CodingKey)?) throws {
        guard value.isFinite else {
            let path = levels.compactMap(\.key) + (key.map { [$0] } ?? [])
            throw EncodingError.invalidValue(
                value,
                EncodingError.Context(
                    codingPath: path,
                    debugDescription: "JSON has no form for \(value)."
                )
            )
        }
        writer.raw(text.utf8.span)
    }
}

extension EncodingContext.Level.State {
    var isEmpty: Bool {
        if case .empty = self { true } else { false }
    }
}

/// A dictionary whose keys become those of an object.
protocol SortableDictionary {
    func encodeSorted(to place: EncodingPlace) throws
}

extension Dictionary: SortableDictionary where Key: Encodable, Value: Encodable {
    func encodeSorted(to place: EncodingPlace) throws {
        if let strings = self as? [String: Value] {
            let keys = strings.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            try place.encodeMembers(keys.lazy.map { ($0, strings[$0]) })
        } else if let integers = self as? [Int: Value] {
            try place.encodeMembers(integers.keys.sorted().lazy.map { (String($0), integers[$0]) })
        } else {
            try encode(to: place)
        }
    }
}
