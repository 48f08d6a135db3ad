/// What a terminal does with a character.
enum CharacterClass: UInt8 {
    /// Draws it over the character before it.
    case mark = 0
    /// Gives it one cell.
    case narrow = 1
    /// Gives it two cells.
    case wide = 2
    /// Nothing good: it is shown as `<U+XXXX>`.
    case escaped = 3
    /// Chooses a form of the character before it, about which terminals disagree.
    case variant = 4

    /// The class of a scalar.
    init(_ scalar: UInt32) {
        if scalar < 0x300 {
            let isPrintable = scalar >= 0x20 && scalar < 0x7F || scalar >= 0xA0 && scalar != 0xAD
            self = isPrintable ? .narrow : .escaped
            return
        }
        self = CharacterTable.ranges.withUnsafeBufferPointer { ranges in
            let wanted = scalar << 4 | 0xF
            var low = 0
            var high = ranges.count
            while high - low > 1 {
                let middle = (low + high) / 2
                if ranges[middle] <= wanted { low = middle } else { high = middle }
            }
            return CharacterClass(rawValue: UInt8(ranges[low] & 0xF)) ?? .escaped
        }
    }

    /// The number of cells that a character takes by itself.
    var width: Int {
        switch self {
        case .narrow: 1
        case .wide: 2
        case .mark, .escaped, .variant: 0
        }
    }
}
