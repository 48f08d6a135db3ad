public import EventModel
public import EventStorage
public import JSON

/// A snapshot that the events do not lead to, or that cannot be read.
public struct WrongSnapshot: Hashable, Sendable {
    /// What is wrong with it.
    public enum Reason: Hashable, Sendable {
        /// Its bytes are damaged; readers ignore it.
        case unreadable
        /// Another event, or none, stands at its sequence; readers ignore it.
        case otherEvent
        /// The rules cannot take in an event before it.
        case noReplay(RejectedEvent)
        /// The states differ: before stands what was saved, after what replay gives.
        case differences([JSONDifference])
    }

    /// The aggregate's stream.
    public let stream: StreamName
    /// The snapshot.
    public let listing: SnapshotListing
    /// What is wrong with it.
    public let reason: Reason
}

extension Snapshotter {
    /// The snapshots of a stream that its events do not lead to, oldest first, by replaying them.
    ///
    /// Snapshots with other fingerprints are not looked at; readers do not either.
    ///
    /// - Throws: ``FoldError`` where the rules cannot be used and where the storage fails.
    public func wrongSnapshots(of stream: StreamName) throws(FoldError) -> [WrongSnapshot] {
        let fingerprint = folds[stream.category].fingerprint
        let timeline = try StateTimeline(of: stream, in: StateReader(store: store, folds: folds))
        var wrong: [WrongSnapshot] = []
        for listing in try listings(of: stream).reversed() where listing.fingerprint == fingerprint
        {
            let snapshot = try snapshot(of: stream, listing)
            guard let reason = try reason(against: snapshot, listing, timeline) else { continue }
            wrong.append(WrongSnapshot(stream: stream, listing: listing, reason: reason))
        }
        return wrong
    }

    private func reason(
        against snapshot: Snapshot?,
        _ listing: SnapshotListing,
        _ timeline: StateTimeline
    ) throws(FoldError) -> WrongSnapshot.Reason? {
        guard let snapshot, let saved = try? JSONValue(state: snapshot.state) else {
            return .unreadable
        }
        let replayed: StreamState
        do throws(FoldError) {
            replayed = try timeline.state(at: listing.sequence)
        } catch .event(let event) {
            return .noReplay(event)
        } catch {
            throw error
        }
        guard replayed.last?.sequence == snapshot.sequence, replayed.last?.id == snapshot.eventID,
            replayed.last?.position == snapshot.position
        else { return .otherEvent }
        let differences = saved.differences(to: try JSONValue(state: replayed.json))
        return differences.isEmpty ? nil : .differences(differences)
    }

    private func listings(of stream: StreamName) throws(FoldError) -> [SnapshotListing] {
        do { return try snapshots.list(of: stream) } catch { throw .storage(error) }
    }

    /// The snapshot that a listing tells of; nothing where it cannot be read.
    private func snapshot(
        of stream: StreamName,
        _ listing: SnapshotListing
    ) throws(FoldError) -> Snapshot? {
        let request = SnapshotRequest(
            of: stream,
            fingerprint: listing.fingerprint,
            throughSequence: listing.sequence
        )
        do {
            let newest = try snapshots.newest(request)
            return newest?.sequence == listing.sequence ? newest : nil
        } catch {
            throw .storage(error)
        }
    }
}
