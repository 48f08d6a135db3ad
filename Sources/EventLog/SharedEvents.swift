import EventModel
import EventStorage
import Synchronization

/// The events that readers side by side went through last, verified once for all of them.
///
/// The positions are divided into chunks of a fixed size, and each chunk has one place where it may
/// be kept, in which a later one takes its turn. So memory is bounded, and readers that are near
/// each other find what the first of them left.
///
/// Threads that share a core are easily further apart than that, so who is ahead waits a little for
/// those it is about to lose. Who falls behind all the same is far away, and nobody waits for it.
final class SharedEvents: Sendable {
    /// How many events a chunk has.
    static let chunkSize: UInt64 = 2048
    /// How many chunks are kept at most, with 116 bytes an event: 15 MB in all.
    static let chunkCount: UInt64 = 64

    /// Who is so many chunks behind the first may lose what is kept for it.
    private static let distanceMax: UInt64 = 16
    /// While so many chunks are made, what somebody did counts as done lately.
    private static let recentCount: UInt64 = 4
    /// How long who is ahead waits for others, for each chunk that it makes.
    private static let pauseMicroseconds = 250

    /// How many chunks were made, all in all.
    private let madeCount = Atomic<UInt64>(0)
    private let places = (0..<chunkCount).map { _ in Place() }

    /// The positions of a chunk.
    static func positions(ofChunk chunk: UInt64) -> ClosedRange<UInt64> {
        chunk * chunkSize + 1...(chunk + 1) * chunkSize
    }

    /// The chunk that a position belongs to.
    static func chunk(of position: UInt64) -> UInt64 { (position - 1) / chunkSize }

    /// The events of a chunk, which the first who asks for them makes while others wait for it.
    ///
    /// - Returns: nothing where they cannot be made, or another chunk is being made in their place.
    func events(
        of chunk: UInt64,
        make: () throws(StorageError) -> VerifiedEvents
    ) -> VerifiedEvents? {
        let place = place(of: chunk)
        while true {
            let seen = place.changed.value
            let time = madeCount.load(ordering: .relaxed)
            switch place.state.withLock({ $0.receive(chunk, at: time) }) {
            case .take(let events): return events
            case .wait: place.changed.wait(since: seen, timeoutMilliseconds: 1000)
            case .doWithout: return nil
            case .make:
                let events = try? make()
                place.state.withLock { $0.keep(events) }
                place.changed.raise()
                waitForOthers(behind: chunk)
                return events
            }
        }
    }

    private func place(of chunk: UInt64) -> Place {
        places[Int(chunk % SharedEvents.chunkCount)]
    }

    /// Waits a little where somebody lately took a chunk that will be given up soon.
    private func waitForOthers(behind chunk: UInt64) {
        let time = madeCount.add(1, ordering: .relaxed).newValue
        guard chunk >= SharedEvents.chunkCount, time > SharedEvents.recentCount else { return }
        let old = chunk - SharedEvents.chunkCount + 1...chunk - SharedEvents.distanceMax
        let isSomebodyBehind = old.contains { old in
            place(of: old).state.withLock {
                $0.wasTaken(old, since: time - SharedEvents.recentCount)
            }
        }
        if isSomebodyBehind {
            WorkerThread.pause(microseconds: SharedEvents.pauseMicroseconds)
        }
    }
}

extension SharedEvents {
    /// Where a chunk may be kept.
    private final class Place: Sendable {
        let state = Mutex(PlaceState())
        /// Raised when a chunk was made, or could not be.
        let changed = ChangeSignal()
    }

    /// What is in a place.
    private struct PlaceState {
        private var chunk: UInt64?
        private var events: VerifiedEvents?
        private var isBeingMade = false
        /// How many chunks had been made when somebody last took this one.
        private var takenTime: UInt64?

        /// What somebody is to do who wants a chunk.
        enum Answer {
            case take(VerifiedEvents)
            case make
            case wait
            case doWithout
        }

        /// Answers who wants a chunk; who is told to make it calls ``keep(_:)``.
        mutating func receive(_ wanted: UInt64, at time: UInt64) -> Answer {
            if isBeingMade { return wanted == chunk ? .wait : .doWithout }
            if wanted == chunk, let events {
                takenTime = time
                return .take(events)
            }
            chunk = wanted
            takenTime = nil
            events = nil
            isBeingMade = true
            return .make
        }

        /// Keeps what was made; nothing where it could not be made.
        mutating func keep(_ made: VerifiedEvents?) {
            events = made
            isBeingMade = false
        }

        /// Whether somebody took a chunk from here lately.
        func wasTaken(_ chunk: UInt64, since time: UInt64) -> Bool {
            self.chunk == chunk && takenTime.map { $0 >= time } ?? false
        }
    }
}
