import JSON
import Synchronization

/// A parser that is passed from one payload to the next.
///
/// It belongs to whoever has taken it out of the pool, which is why it may change threads.
final class PooledParser: @unchecked Sendable {
    var parser = JSONParser()
}

/// Parsers that wait for the next payload, so that reading one allocates none.
final class ParserPool: Sendable {
    static let shared = ParserPool()
    private static let waitingMax = 16
    /// A parser for a longer text is not kept, since its memory grows with the text.
    private static let keptSizeMax = 1 << 20

    private let waiting = Mutex<[PooledParser]>([])

    /// Takes a parser out, which nobody else has then.
    func take() -> PooledParser {
        waiting.withLock { $0.popLast() } ?? PooledParser()
    }

    /// Puts a parser back after a text of a size; it must not be used any more.
    func put(_ parser: PooledParser, afterSize size: Int) {
        guard size <= ParserPool.keptSizeMax else { return }
        waiting.withLock { waiting in
            if waiting.count < ParserPool.waitingMax { waiting.append(parser) }
        }
    }
}
