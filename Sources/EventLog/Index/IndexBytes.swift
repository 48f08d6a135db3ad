import Disk
import EventStorage

// Sendable: it is written by one thread before others get to see it.
/// The bytes of an index file in memory.
final class IndexBytes: IndexOutput, MappedBytes, @unchecked Sendable {
    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 64)
    private var count = 0

    /// Takes up no bytes yet.
    init() {}

    deinit { memory.deallocate() }

    /// The bytes written so far; not valid any more when others are written.
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// Writes bytes; what was never written is 0.
    func write(_ bytes: RawSpan, at offset: Int) {
        let end = offset + bytes.byteCount
        if end > memory.count { grow(to: max(end, memory.count * 2)) }
        count = max(count, end)
        bytes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: memory[offset..<end]).copyMemory(from: $0)
        }
    }

    private func grow(to size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        larger.initializeMemory(as: UInt8.self, repeating: 0)
        larger.copyMemory(from: buffer)
        memory.deallocate()
        memory = larger
    }
}
