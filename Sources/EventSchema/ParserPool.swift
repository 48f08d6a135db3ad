import JSON
import Synchronization

/// Parsers that wait for the next payload, so that reading one allocates none.
final class ParserPool: Sendable {
    static let shared = ParserPool()
    private static let waitingMax = 16
    /// A parser for a longer text is not kept, since its memory grows with the text.
    private static let keptSizeMax = 1 << 20

    // A parser belongs to whoever has taken it out; the lock guards only the waiting ones.
    private final class Box: @unchecked Sendable {
        var parser = JSONParser()
    }

    private let waiting = Mutex<[Box]>([])

    /// Runs a closure with a parser that nobody else has.
    func withParser<Result>(
        forSize size: Int,
        _ body: (inout JSONParser) throws -> Result
    ) rethrows -> Result {
        let box = waiting.withLock { $0.popLast() } ?? Box()
        defer {
            if size <= ParserPool.keptSizeMax {
                waiting.withLock { waiting in
                    if waiting.count < ParserPool.waitingMax { waiting.append(box) }
                }
            }
        }
        return try body(&box.parser)
    }
}
