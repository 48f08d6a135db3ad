extension OutputSpan<UInt8> {
    /// Appends an integer's bytes, lowest first.
    package mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
        littleEndian value: Value
    ) {
        let size = MemoryLayout<Value>.size
        precondition(size <= freeCapacity, "There is room for what is encoded.")
        withUnsafeMutableBufferPointer { buffer, count in
            UnsafeMutableRawBufferPointer(buffer)
                .storeBytes(of: value.littleEndian, toByteOffset: count, as: Value.self)
            count += size
        }
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

    /// Appends the number of some bytes, and the bytes.
    package mutating func append(counted bytes: RawSpan) {
        append(variable: UInt64(bytes.byteCount))
        append(bytes: bytes)
    }

    /// Appends bytes as they are.
    package mutating func append(bytes: RawSpan) {
        precondition(bytes.byteCount <= freeCapacity, "There is room for what is encoded.")
        withUnsafeMutableBufferPointer { buffer, count in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                )
                .copyMemory(from: source)
            }
            count += bytes.byteCount
        }
    }
}
