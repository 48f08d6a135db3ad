import EventModel
import EventStorage

/// The events of a subscription-billing company: the same for everybody, in every run.
///
/// Payloads have 197 bytes and metadata 65; with id, time, stream and type an event is 320 bytes.
/// Many streams have 50 events each; one, stream 0, is large.
struct Workload: Sendable {
    /// How the streams' events follow one another.
    enum Order: String, Sendable {
        /// Each stream has its turn, as in life; the large one comes along at regular intervals.
        case interleaved
        /// One stream after the other, the large one last.
        case contiguous
    }

    /// How many streams there are besides the large one.
    let streamCount: Int
    /// How many events the large stream has.
    let largeLength: Int
    /// How the streams' events follow one another.
    var order = Order.interleaved

    /// How many events each stream but the large one has.
    static let streamLength = 50

    /// A million events, or a thousand to see that everything works.
    static func million(_ run: BenchmarkRun) -> Workload {
        run.isSmoke
            ? Workload(streamCount: 20, largeLength: 250)
            : Workload(streamCount: 20_000, largeLength: 5000)
    }

    /// Ten times as many streams.
    var tenfold: Workload {
        Workload(streamCount: streamCount * 10, largeLength: largeLength, order: order)
    }

    /// How many events the streams but the large one have.
    private var regularCount: Int { streamCount * Workload.streamLength }

    /// How many events there are; the interleaved order goes on behind them without end.
    var eventCount: Int { regularCount + largeLength }

    /// The name of a stream.
    static func stream(_ number: Int) -> StreamName {
        StreamName("subscription-" + String(String(1_000_000 + number).dropFirst()))
    }

    /// The stream of an event, and its number in it.
    func place(of index: Int) -> (stream: Int, sequence: Int) {
        switch order {
        case .interleaved:
            let turn = regularCount / largeLength
            let (round, number) = index.quotientAndRemainder(dividingBy: turn + 1)
            guard number < turn else { return (0, round) }
            let regular = round * turn + number
            return (regular % streamCount + 1, regular / streamCount)
        case .contiguous:
            guard index < regularCount else { return (0, index - regularCount) }
            return (index / Workload.streamLength + 1, index % Workload.streamLength)
        }
    }

    /// Events in their order, from index 0.
    func batch(_ range: Range<Int>) -> WorkloadBatch {
        var batch = WorkloadBatch()
        batch.request.entries.reserveCapacity(range.count)
        for index in range {
            let (stream, sequence) = place(of: index)
            batch.sequences.append(Int64(sequence))
            batch.request.entries.append(
                AppendRequest.Entry(
                    stream: Workload.stream(stream),
                    event: WorkloadEvent.event(index, sequence: sequence)
                )
            )
        }
        return batch
    }

    /// All events in batches as large as a store takes them.
    var batches: some Swift.Sequence<WorkloadBatch> {
        stride(from: 0, to: eventCount, by: StoreLimits.batchCountMax).lazy.map { start in
            batch(start..<min(start + StoreLimits.batchCountMax, eventCount))
        }
    }
}

/// Events to append together.
struct WorkloadBatch: Sendable {
    /// The events as our stores take them.
    var request = AppendRequest(entries: [])
    /// The number of each in its stream, for stores that do not count themselves.
    var sequences: [Int64] = []
}
