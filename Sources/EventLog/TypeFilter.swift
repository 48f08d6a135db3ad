import EventModel
import EventStorage

/// The types that a reader wants, so that most others are known without a look at their names.
struct TypeFilter {
    private let names: [[UInt8]]
    private let marks: [TypeMark]

    /// Makes a filter; without types it lets every type through.
    init(_ types: [EventType]) {
        names = types.map { Array($0.text.utf8) }
        marks = names.map { TypeMark($0.span.bytes) }
    }

    /// Whether a type with a mark may be wanted.
    func mayMatch(_ mark: TypeMark) -> Bool { marks.isEmpty || marks.contains(mark) }

    /// Whether an event is of a wanted type.
    func matches(_ event: borrowing EventView) -> Bool {
        if names.isEmpty { return true }
        for name in names where event.type.equals(name) { return true }
        return false
    }
}

/// What tells most types apart in four bytes; a type has one mark, and few share one.
struct TypeMark: Hashable, Sendable {
    private let bits: UInt32

    /// Makes the mark of a type's name.
    init(_ name: RawSpan) {
        let count = name.byteCount
        var bits = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        if count >= 8 {
            bits ^= name.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
            let last = name.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            bits = (bits ^ bits >> 29) &+ last &* 0xBF58_476D_1CE4_E5B9
        } else {
            for index in 0..<count {
                let byte = name.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                bits = bits << 8 ^ bits >> 56 ^ UInt64(byte)
            }
        }
        self.bits = UInt32(truncatingIfNeeded: (bits &* 0x94D0_49BB_1331_11EB) >> 32)
    }
}
