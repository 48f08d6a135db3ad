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
        try EncodingContext().text(of: value)
    }
}

/// The state of one encoding: the text so far and the values that are not complete.
///
/// Used by one thread in one call, so that its properties need no check for overlapping use.
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
        /// How many hashes of keys stand before its own.
        let hashStart: Int
        var state = State.empty
    }

    @exclusivity(unchecked) var writer = JSONWriter()
    @exclusivity(unchecked) private(set) var levels: [Level] = []
    /// The keys of the outermost value, and those of the values right inside it.
    @exclusivity(unchecked) private(set) var outer = EncodedKeys()
    @exclusivity(unchecked) private(set) var inner = EncodedKeys()
    /// Hashes of the keys of every object that is not complete.
    @exclusivity(unchecked) private var keyHashes: [UInt32] = []
    /// Whether the text may be one that decoding refuses.
    @exclusivity(unchecked) private var isDoubtful = false
    @exclusivity(unchecked) private var nextIdentifier = 0
    @exclusivity(unchecked) private var failure: EncodingError?
    @exclusivity(unchecked) private var dictionaries: [ObjectIdentifier: Bool] = [:]

    /// Begins with room for a payload of a usual size.
    init() {
        writer.reserveCapacity(320)
        levels.reserveCapacity(4)
        keyHashes.reserveCapacity(24)
    }

    /// The text of a value; and what was noted about its outer keys stays in this context.
    func text(of value: some Encodable) throws -> [UInt8] {
        try encode(value, key: nil)
        if let failure { throw failure }
        if isDoubtful { try checkText() }
        return writer.bytes
    }

    /// Refuses a text that could not be decoded: too deep, or with a key twice in an object.
    private func checkText() throws {
        let pooled = ParserPool.shared.take()
        defer { ParserPool.shared.put(pooled, afterSize: writer.bytes.count) }
        do throws(JSONError) {
            try EncodingContext.check(writer.bytes, &pooled.parser)
        } catch {
            throw EncodingError.invalidValue(
                "",
                EncodingError.Context(codingPath: [], debugDescription: error.description)
            )
        }
    }

    private static func check(_ text: [UInt8], _ parser: inout JSONParser) throws(JSONError) {
        _ = try parser.parse(text.span)
    }

    /// Writes the key of the value that comes next, of the object at a depth.
    func writeKey(_ key: String, at depth: Int) {
        writer.key(key)
        let hash = EncodingContext.hash(key)
        for index in levels[depth].hashStart..<keyHashes.count where keyHashes[index] == hash {
            isDoubtful = true
        }
        keyHashes.append(hash)
        switch depth {
        case 0: outer.note(key, valueStart: writer.bytes.count)
        case 1: inner.note(key, valueStart: writer.bytes.count)
        default: break
        }
    }

    /// FNV-1a, which is quick for short texts.
    private static func hash(_ key: String) -> UInt32 {
        let text = key.utf8.span
        var hash: UInt32 = 0x811C_9DC5
        for index in 0..<text.count {
            hash = (hash ^ UInt32(text[unchecked: index])) &* 0x0100_0193
        }
        return hash
    }

    func codingPath(depth: Int) -> [any CodingKey] {
        levels.prefix(depth + 1).compactMap(\.key)
    }

    /// Opens a place inside the innermost one.
    func open(key: (any CodingKey)?) -> EncodingPlace {
        nextIdentifier += 1
        levels.append(
            Level(identifier: nextIdentifier, key: key, hashStart: keyHashes.count)
        )
        if levels.count > JSONOptions().depthMax { isDoubtful = true }
        return EncodingPlace(context: self, depth: levels.count - 1, identifier: nextIdentifier)
    }

    /// Completes every value inside the one at `depth`.
    func close(above depth: Int) {
        while levels.count > depth + 1 {
            let level = levels.removeLast()
            keyHashes.removeLast(keyHashes.count - level.hashStart)
            switch level.state {
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

/// The keys written to objects of one depth: how many, and the last one.
struct EncodedKeys {
    private(set) var count = 0
    private(set) var last = ""
    /// Where the value of the last key starts.
    private(set) var valueStart = 0

    mutating func note(_ key: String, valueStart: Int) {
        count += 1
        last = key
        self.valueStart = valueStart
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
