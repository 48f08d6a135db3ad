import JSON
import Synchronization

// Sendable: it belongs to whoever has taken it out of the pool, and to nobody else.
/// A parser that is passed from one payload to the next.
final class PooledParser: @unchecked Sendable {
    var parser = JSONParser()
}

/// Parsers that wait for the next payload, so that reading one allocates none.
///
/// Without a lock, on which the threads of many callers would queue up for every event.
final class ParserPool: Sendable {
    static let shared = ParserPool()
    /// A parser for a longer text is not kept, since its memory grows with the text.
    private static let keptSizeMax = 1 << 20

    private let places = ParserPlaces()

    /// Takes a parser out, which nobody else has then.
    func take() -> PooledParser {
        places.take() ?? PooledParser()
    }

    /// Puts a parser back after a text of a size; it must not be used any more.
    func put(_ parser: PooledParser, afterSize size: Int) {
        if size <= ParserPool.keptSizeMax { places.put(parser) }
    }
}

/// Places for one parser each, every one of which changes hands in one step.
private struct ParserPlaces: ~Copyable {
    private typealias Place = Atomic<Unmanaged<PooledParser>?>

    private let first = Place(nil)
    private let second = Place(nil)
    private let third = Place(nil)
    private let fourth = Place(nil)

    func take() -> PooledParser? {
        take(from: first) ?? take(from: second) ?? take(from: third) ?? take(from: fourth)
    }

    func put(_ parser: PooledParser) {
        let kept = Unmanaged.passRetained(parser)
        if put(kept, into: first) || put(kept, into: second) { return }
        if put(kept, into: third) || put(kept, into: fourth) { return }
        kept.release()
    }

    private func take(from place: borrowing Place) -> PooledParser? {
        guard place.load(ordering: .relaxed) != nil else { return nil }
        return place.exchange(nil, ordering: .acquiring)?.takeRetainedValue()
    }

    private func put(_ parser: Unmanaged<PooledParser>, into place: borrowing Place) -> Bool {
        guard place.load(ordering: .relaxed) == nil else { return false }
        return place.compareExchange(expected: nil, desired: parser, ordering: .releasing).exchanged
    }

    deinit {
        while take() != nil {}
    }
}
