extension String {
    /// Whether both strings hold the same UTF-8 bytes.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.span.bytes.hasSameBytes(as: other.utf8.span.bytes)
    }

    /// Whether this string's UTF-8 bytes come before those of `other`.
    package func precedesInBytes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Feeds the UTF-8 bytes to a hasher.
    package func hashBytes(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension RawSpan {
    /// Whether both are the same bytes; eight at a time, since names are compared for every event.
    package func hasSameBytes(as other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var index = 0
        while index + 8 <= byteCount {
            if unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                != other.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            {
                return false
            }
            index += 8
        }
        while index < byteCount {
            if unsafeLoad(fromByteOffset: index, as: UInt8.self)
                != other.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            {
                return false
            }
            index += 1
        }
        return true
    }
}
