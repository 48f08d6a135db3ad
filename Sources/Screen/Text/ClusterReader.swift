/// Turns bytes from anywhere into what cells may show.
///
/// This is the one place where text from outside becomes text for a terminal:
///
/// | found | shown |
/// | --- | --- |
/// | bytes that are not UTF-8 | `\x9B`, one by one |
/// | line feed, tab, carriage return | `\n`, `\t`, `\r` |
/// | other controls, what is invisible, reorders text, is private or unassigned | `<U+XXXX>` |
/// | a mark without a character below it | `<U+XXXX>` |
/// | a fourth and later mark over one character | `<+N>` after it, with their number |
/// | variation selectors and skin tones after a symbol | nothing: terminals disagree about their width |
///
/// The reader allocates nothing and never fails; every byte of input leaves a trace, except for
/// the variants in the last row.
struct ClusterReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var index = 0
    private var pending = PendingText()

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// The next cluster, or nothing at the end.
    mutating func next() -> Cluster? {
        if let byte = pending.next() { return Cluster(base: UInt32(byte), marks: .none, width: 1) }
        guard index < bytes.count else { return nil }
        let first = bytes[index]
        if first >= 0x20, first < 0x7F, index + 1 == bytes.count || bytes[index + 1] < 0x80 {
            index += 1
            return Cluster(base: UInt32(first), marks: .none, width: 1)
        }
        let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
        index += length
        guard let scalar else {
            pending.set("\\x", hexadecimal: UInt32(first), digits: 2, "")
            return next()
        }
        let kind = CharacterClass(scalar)
        guard kind == .narrow || kind == .wide else {
            pending.set(escaping: scalar)
            return next()
        }
        return cluster(startingWith: scalar, width: kind.width)
    }

    /// Collects the marks that follow a character.
    private mutating func cluster(startingWith base: UInt32, width: Int) -> Cluster {
        var cluster = Cluster(base: base, marks: .none, width: width)
        var excess = 0
        while index < bytes.count, bytes[index] >= 0x80 {
            let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
            guard let scalar else { break }
            switch CharacterClass(scalar) {
            case .mark:
                if !cluster.marks.add(scalar) { excess += 1 }
            case .variant where base >= 0x203C:
                break
            default:
                if excess > 0 { pending.set(excess: excess) }
                return cluster
            }
            index += length
        }
        if excess > 0 { pending.set(excess: excess) }
        return cluster
    }
}

/// A short ASCII text that is still to be shown before the input goes on.
private struct PendingText {
    private var text = InlineArray<24, UInt8>(repeating: 0)
    private var start = 0
    private var end = 0

    mutating func next() -> UInt8? {
        guard start < end else { return nil }
        defer { start += 1 }
        return text[start]
    }

    private mutating func append(_ byte: UInt8) {
        text[end] = byte
        end += 1
    }

    private mutating func append(_ literal: StaticString) {
        for offset in 0..<literal.utf8CodeUnitCount { append(literal.utf8Start[offset]) }
    }

    mutating func set(
        _ before: StaticString,
        hexadecimal value: UInt32,
        digits: Int,
        _ after: StaticString
    ) {
        (start, end) = (0, 0)
        append(before)
        var count = digits
        while count < 8, value >> (UInt32(count) * 4) != 0 { count += 1 }
        for place in (0..<count).reversed() {
            let digit = UInt8(value >> (UInt32(place) * 4) & 0xF)
            append(digit < 10 ? 0x30 + digit : 0x41 + digit - 10)
        }
        append(after)
    }

    mutating func set(escaping scalar: UInt32) {
        (start, end) = (0, 0)
        switch scalar {
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        default: set("<U+", hexadecimal: scalar, digits: 4, ">")
        }
    }

    mutating func set(excess: Int) {
        (start, end) = (0, 0)
        append("<+")
        var divisor = 1
        while excess / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(excess / divisor % 10))
            divisor /= 10
        }
        append(">")
    }
}
