import Aggregates
import EventLog
import EventModel
import EventStorage
import Processing

/// Takes anew, one in a step, the snapshots that other rules than those in force made, and tells
/// of it in `$operations`.
///
/// What it does not come to is found by the next one.
struct SnapshotRenewal {
    private let operations: StoreOperations
    /// The pages of the categories to look at, those to come first at the end; nothing before the
    /// first step.
    private var pages: [StreamPages<StreamSnapshots>]?
    /// Streams whose snapshots readers ignore, those to come first at the end.
    private var outdated: [StreamSnapshots] = []
    private var takenCount = 0
    private var failedCount = 0

    init(_ operations: StoreOperations) {
        self.operations = operations
    }

    /// Takes the next snapshot, or looks for more.
    ///
    /// - Returns: whether there may be more.
    mutating func step() throws -> ReadControl {
        if let stream = outdated.popLast() {
            renew(stream)
            return .more
        }
        var pages = try self.pages ?? makePages()
        if pages.isEmpty {
            try tell()
            return .stop
        }
        let page = try pages[pages.count - 1].next()
        if page.isEmpty { pages.removeLast() }
        outdated = page.filter(\.isOutdated).reversed()
        self.pages = pages
        return .more
    }

    private func makePages() throws(StorageError) -> [StreamPages<StreamSnapshots>] {
        try operations.log.categories().reversed().map { operations.snapshotPages(of: $0) }
    }

    private mutating func renew(_ stream: StreamSnapshots) {
        do {
            let snapshot = try operations.snapshotter.take(of: stream.stream)
            guard let snapshot, snapshot.sequence != stream.newestUsable else { return }
            takenCount += 1
        } catch {
            // An aggregate whose rules fail is shown as such to whoever opens it.
            failedCount += 1
        }
    }

    /// Tells what has been done since it was last told; nothing is told where nothing was done.
    mutating func tell() throws {
        guard takenCount > 0 else { return }
        var generator = SystemRandomNumberGenerator()
        let operation = Operation(
            id: EventID(time: operations.now(), using: &generator),
            act: .snapshotStale(),
            operatorName: "recount",
            host: operations.identity.host,
            reason: "other rules made them, so they were ignored"
        )
        let failed = failedCount == 0 ? "" : ", \(failedCount) failed"
        let outcome = OperationOutcome(
            of: operation.id,
            .completed,
            "took \(takenCount) snapshots anew\(failed)"
        )
        _ = try operations.log.append(
            AppendRequest(ofSystem: [operation.event, outcome.event], to: Operation.stream)
        )
        takenCount = 0
        failedCount = 0
    }
}
