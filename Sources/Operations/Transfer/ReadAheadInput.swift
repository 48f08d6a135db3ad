import EventStorage

/// The bytes of another input, read ahead on a thread of its own.
///
/// Decompressing takes about as long as everything else of an import together, so that it is
/// worth a thread.
final class ReadAheadInput: ByteInput {
    private let queue = BoundedQueue<Result<[UInt8], SourceDefect>>(countMax: 3)
    private var block: [UInt8] = []
    private var usedCount = 0
    private var isAtEnd = false

    private static let blockSize = 1 << 20

    /// Starts to read an input that nobody else uses any more.
    init(_ input: any ByteInput) {
        let box = InputBox(input: input)
        _ = WorkerThread { [queue] in box.readAll(into: queue) }
    }

    deinit {
        queue.cancel()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceDefect) -> Int {
        if usedCount == block.count {
            guard !isAtEnd else { return 0 }
            block = try queue.take().get()
            usedCount = 0
            isAtEnd = block.isEmpty
        }
        let count = min(buffer.count, block.count - usedCount)
        block.withUnsafeBytes {
            buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: $0[usedCount..<usedCount + count])
            )
        }
        usedCount += count
        return count
    }

    /// Carries the input over to the thread.
    private final class InputBox: @unchecked Sendable {
        // Used by the thread alone once it is made.
        private let input: any ByteInput
        private var failure: SourceDefect?

        init(input: any ByteInput) {
            self.input = input
        }

        /// Puts block after block into the queue; an empty one is the end.
        func readAll(into queue: BoundedQueue<Result<[UInt8], SourceDefect>>) {
            var isWanted = true
            while isWanted {
                do throws(SourceDefect) {
                    let block = try readBlock()
                    isWanted = queue.put(.success(block)) && !block.isEmpty
                } catch {
                    _ = queue.put(.failure(error))
                    return
                }
            }
        }

        private func readBlock() throws(SourceDefect) -> [UInt8] {
            if let failure { throw failure }
            let block = [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, count in
                count = 0
                do throws(SourceDefect) {
                    while count < blockSize {
                        let rest = UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                        )
                        let added = try input.read(into: rest)
                        guard added > 0 else { return }
                        count += added
                    }
                } catch {
                    failure = error
                }
            }
            // What came before a failure is handed out first.
            if let failure, block.isEmpty { throw failure }
            return block
        }
    }
}
