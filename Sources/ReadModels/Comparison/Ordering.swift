/// How one thing stands to another one that is sorted with it.
enum Ordering: Hashable {
    case before
    case equal
    case behind

    init<Value: Comparable>(of value: Value, to other: Value) {
        self = value < other ? .before : value == other ? .equal : .behind
    }

    /// Compares two numbers exactly, also where the first is not one of the second's type.
    init(of integer: Int64, to double: Double) {
        if double >= 0x1p63 {
            self = .before
        } else if double < -0x1p63 {
            self = .behind
        } else {
            let whole = Int64(double)
            self = Ordering(of: integer, to: whole)
            if self == .equal { self = Ordering(of: Double(whole), to: double) }
        }
    }

    /// Compares bytes one after the other; where all are equal, the fewer are first.
    init(of bytes: UnsafeRawBufferPointer, to others: UnsafeRawBufferPointer) {
        let count = min(bytes.count, others.count)
        var index = 0
        while index + 8 <= count {
            let (word, other) = (bytes.word(at: index), others.word(at: index))
            if word != other {
                self = Ordering(of: word, to: other)
                return
            }
            index += 8
        }
        while index < count {
            if bytes[index] != others[index] {
                self = Ordering(of: bytes[index], to: others[index])
                return
            }
            index += 1
        }
        self = Ordering(of: bytes.count, to: others.count)
    }

    var reversed: Ordering {
        switch self {
        case .before: .behind
        case .equal: .equal
        case .behind: .before
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Eight bytes as a number that is sorted as they are.
    fileprivate func word(at index: Int) -> UInt64 {
        UInt64(bigEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
}
