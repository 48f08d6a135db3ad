import EventModel
import JSON

/// A number that depends on the events read and on their order, so that reading cannot be left
/// out; cheap enough not to be what is measured.
struct EventFold: ~Copyable {
    /// The number so far.
    private(set) var hash: UInt64 = 0
    /// How many payloads were no JSON.
    private(set) var undecodableCount = 0
    private let isDecoding: Bool
    private var parser = JSONParser()

    /// Begins with nothing.
    ///
    /// - Parameter isDecoding: whether every field of every payload is read.
    init(isDecoding: Bool) {
        self.isDecoding = isDecoding
    }

    /// Folds one event in: its place, its identity, its type, and the end of its bytes.
    mutating func add(
        position: UInt64,
        id: EventID,
        type: RawSpan,
        metadata: RawSpan,
        payload: RawSpan
    ) {
        add(position ^ id.low)
        add(UInt64(type.byteCount) ^ metadata.lastWord ^ payload.lastWord)
        if isDecoding { decode(payload) }
    }

    private mutating func add(_ number: UInt64) {
        hash = (hash ^ number) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
    }

    private mutating func decode(_ payload: RawSpan) {
        var hash: UInt64 = 0
        do {
            let view = try parser.parse(payload)
            var members = view.members
            while let member = members.next() { hash = hash &* 31 &+ value(of: member.value) }
        } catch {
            undecodableCount += 1
        }
        add(hash)
    }
}

/// The value of a field as a number; a text's is its length and its last byte.
private func value(of field: borrowing JSONView) -> UInt64 {
    switch field.kind {
    case .number:
        if let integer = field.integer { return UInt64(bitPattern: integer) }
        return field.double?.bitPattern ?? 0
    case .string:
        guard let text = field.plainStringBytes, !text.isEmpty else { return 1 }
        return UInt64(text.count) << 8 | UInt64(text[text.count - 1])
    case .boolean: return field.boolean == true ? 3 : 2
    default: return UInt64(field.count)
    }
}

extension RawSpan {
    /// The last eight bytes; fewer count as none.
    fileprivate var lastWord: UInt64 {
        byteCount < 8
            ? 0 : unsafeLoadUnaligned(fromByteOffset: byteCount - 8, as: UInt64.self)
    }
}
