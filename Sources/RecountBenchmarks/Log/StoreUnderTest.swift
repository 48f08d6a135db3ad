import EventModel
import EventStorage

/// A store as the benchmarks use it: ours or a peer's.
protocol StoreUnderTest: AnyObject, Sendable {
    /// Appends events as one unit, as safe as the store was opened for.
    ///
    /// - Returns: the fold of their positions.
    func append(_ batch: WorkloadBatch) throws -> UInt64

    /// Looks events up by their identities, as an append does that is tried again.
    ///
    /// - Returns: the fold of their positions.
    func retry(_ batch: WorkloadBatch) throws -> UInt64

    /// Makes everything durable up to the event that was appended last.
    func sync(through last: WorkloadBatch) throws

    /// The position of the last event.
    func head() throws -> UInt64

    /// Goes through events and folds what they hold.
    func read(_ reading: Reading, into fold: inout EventFold) throws
}

/// What is read.
enum Reading {
    /// All events, oldest first.
    case all
    /// All events, newest first.
    case backwards
    /// The first events of a stream.
    case stream(StreamName, count: Int)
    /// The events of a type.
    case type(EventType)
    /// The events that carry a tag.
    case tag(EventTag)
}

/// The sum of the positions, each spread over all bits, whatever their order.
func foldPositions(_ positions: some Swift.Sequence<UInt64>) -> UInt64 {
    positions.reduce(0) { $0 &+ mix($1) }
}

extension StoreUnderTest {
    /// Reads and returns the fold of what was read.
    func read(_ reading: Reading, decoding isDecoding: Bool = false) throws -> UInt64 {
        var fold = EventFold(isDecoding: isDecoding)
        try read(reading, into: &fold)
        guard fold.undecodableCount == 0 else {
            throw BenchmarkError("\(fold.undecodableCount) payloads cannot be decoded")
        }
        return fold.hash
    }
}
