import Synchronization

/// Remembers which blocks of a file have been verified; any thread may ask and tell.
///
/// Two threads may verify the same block at the same time, which does no harm.
struct VerifiedBlocks: ~Copyable, Sendable {
    // The memory belongs to this value alone, and every access to it is atomic.
    private nonisolated(unsafe) let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int

    /// Remembers nothing about `count` blocks.
    init(count: Int) {
        self.count = count / 64 + 1
        words = .allocate(capacity: self.count)
        for index in 0..<self.count { (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        words.deinitialize(count: count)
        words.deallocate()
    }

    /// Whether a block has been verified.
    @inline(__always)
    func contains(_ block: Int) -> Bool {
        words[block >> 6].load(ordering: .relaxed) & 1 << UInt64(block & 63) != 0
    }

    /// Remembers that a block has been verified.
    func insert(_ block: Int) {
        words[block >> 6].bitwiseOr(1 << UInt64(block & 63), ordering: .relaxed)
    }
}
