extension [UInt8] {
    /// Appends an integer's bytes, lowest first.
    package mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends a number as LEB128, seven bits a byte, lowest first.
    package mutating func append(variable value: UInt64) {
        append(addingCapacity: 10) { $0.append(variable: value) }
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
