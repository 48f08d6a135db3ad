import Glibc

/// A file's bytes as every process sees them, at an address that stays.
final class LiveBytes: @unchecked Sendable {
    // The bytes change only under the machine's lock; mappings show them without it, as real ones.
    let address: UnsafeMutableRawPointer
    /// How many bytes there is room for; those never written are zeros.
    let capacity: Int

    /// Copies bytes, with room for more.
    init(_ bytes: UnsafeRawBufferPointer, capacity: Int) {
        self.capacity = max(4096, capacity)
        address = .allocate(byteCount: self.capacity, alignment: 4096)
        address.initializeMemory(as: UInt8.self, repeating: 0, count: self.capacity)
        if let source = bytes.baseAddress {
            address.copyMemory(from: source, byteCount: bytes.count)
        }
    }

    deinit {
        address.deallocate()
    }

    /// The bytes of a range.
    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address + range.lowerBound, count: range.count)
    }
}
