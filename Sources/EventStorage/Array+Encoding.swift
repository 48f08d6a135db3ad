extension [UInt8] {
    /// Appends an integer's bytes, lowest first.
    package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends a number as LEB128, seven bits a byte, lowest first.
    package mutating func append(variable value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a text's length and its UTF-8 bytes.
    package mutating func append(counted text: String) {
        append(variable: UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    /// The bytes that ``append(counted:)`` appends.
    package static func countedSize(of text: String) -> Int {
        let size = text.utf8.count
        return size + Swift.max(1, (UInt64.bitWidth - UInt64(size).leadingZeroBitCount + 6) / 7)
    }

    /// Writes an integer's bytes over those at an index, lowest first.
    package mutating func replace<Value: FixedWidthInteger>(
        littleEndian value: Value,
        at index: Int
    ) {
        precondition(
            index >= 0 && index + MemoryLayout<Value>.size <= count,
            "An integer can only replace bytes that exist."
        )
        withUnsafeMutableBytes {
            $0.storeBytes(of: value.littleEndian, toByteOffset: index, as: Value.self)
        }
    }
}
