import Aggregates
import EventModel
import EventSchema
import EventStorage
import RecountTesting
import Synchronization
import Testing

/// A clock that every look moves on by one step.
final class StepClock: Sendable {
    private let times: Mutex<(now: Duration, step: Duration)>

    init(_ step: Duration) {
        times = Mutex((.zero, step))
    }

    var step: Duration {
        get { times.withLock { $0.step } }
        set { times.withLock { $0.step = newValue } }
    }

    @Sendable func elapsed() -> Duration {
        times.withLock { times in
            times.now += times.step
            return times.now
        }
    }
}

extension Bank {
    /// A snapshotter whose clock says that every load takes so long, with rules that allow 5 ms.
    func snapshotter(eachLoadTaking step: Duration) -> Snapshotter {
        let fold = Fold(
            category: Account.category,
            fingerprint: "slow",
            snapshotAfter: .milliseconds(5)
        ) { try Fold(Account.self).makeState() }
        return Snapshotter(
            store: store,
            snapshots: snapshots,
            folds: Folds([fold]),
            now: clock.now,
            elapsed: StepClock(step).elapsed
        )
    }

    /// Makes all snapshots of a stream those of other rules.
    func outdateSnapshots(of stream: StreamName) {
        change(stream) { $0.fingerprint += " before" }
    }

    /// Changes every snapshot of a stream that the rules in force can use.
    func change(_ stream: StreamName, _ change: (inout Snapshot) -> Void) {
        let fingerprint = folds[stream.category].fingerprint
        for listing in snapshots.list(of: stream) where listing.fingerprint == fingerprint {
            let request = SnapshotRequest(
                of: stream,
                fingerprint: fingerprint,
                throughSequence: listing.sequence
            )
            guard var snapshot = snapshots.newest(request) else { continue }
            snapshots.remove([listing], of: stream)
            change(&snapshot)
            snapshots.save(snapshot)
        }
    }

    /// Takes a snapshot of a stream and makes one part of it wrong, with a state that would be
    /// seen in every result.
    @discardableResult
    func spoilSnapshot(of stream: StreamName, _ part: String) throws -> SnapshotListing {
        try snapshotter.take(of: stream)
        change(stream) { snapshot in
            snapshot.state = Array(#"{"balanceCents":77,"eventCount":1}"#.utf8)
            switch part {
            case "eventID": snapshot.eventID = EventID(high: 0, low: 0)
            case "position": snapshot.position = Position(1)
            case "state": snapshot.state = Array("{".utf8)
            case "fingerprint": snapshot.fingerprint += "x"
            default: snapshot.sequence = Sequence(44)
            }
        }
        return try #require(snapshots.list(of: stream).first)
    }
}

/// A bank account that is saved where loading it takes longer than 5 ms.
struct SlowAccount: Aggregate, Codable {
    static let category = Account.category
    static let codec = Account.codec
    static var snapshotAfter: Duration? { .milliseconds(5) }

    var eventCount = 0

    func decide(_ command: Account.Command) -> [Account.Event] { [.deposited(cents: 1)] }

    mutating func evolve(_ event: Account.Event) { eventCount += 1 }
}
