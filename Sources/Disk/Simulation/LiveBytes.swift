import Glibc

// Sendable: whoever has the file changes its bytes one at a time; mappings show them meanwhile,
// as real ones do.
/// A file's bytes as every process sees them, at an address that stays.
package final class LiveBytes: @unchecked Sendable {
    /// Where the bytes begin.
    package let address: UnsafeMutableRawPointer
    /// How many bytes there is room for; those never written are zeros.
    package let capacity: Int

    /// Copies bytes, with room for more.
    package init(_ bytes: UnsafeRawBufferPointer, capacity: Int) {
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
    package subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address + range.lowerBound, count: range.count)
    }
}

/// A mapping of a simulated file.
package final class LiveMapping: MappedBytes {
    private let bytes: LiveBytes
    private let size: Int

    /// Shows so many of the bytes.
    package init(_ bytes: LiveBytes, size: Int) {
        self.bytes = bytes
        self.size = size
    }

    /// What the bytes are now.
    package var buffer: UnsafeRawBufferPointer { bytes[0..<size] }
}
