import Disk
import EventModel
import Processing
import Synchronization

/// The pages of a group's segments, and the claims that one storage has on them.
final class ClaimPages: ClaimHeart {
    let host: HostNumber
    private let files: GroupFiles
    private let disk: any Disk
    private let state = Mutex(State())

    private struct State {
        /// The pages that were opened, by the numbers of the segments.
        var pages: [UInt32: SignsPage] = [:]
        /// The numbers of the segments whose locks this storage holds.
        var locked: Set<UInt32> = []
        /// The numbers of the segments that this storage has claimed.
        var claimed: Set<UInt32> = []
        /// The event that handlers had in their hands at the last beat.
        var handling: ProcessorSigns.Handling?
    }

    init(files: GroupFiles, disk: any Disk) {
        self.files = files
        self.disk = disk
        host = HostNumber(UInt64.random(in: 1...(.max)))
    }

    deinit {
        state.withLock { state in
            for (id, page) in state.pages {
                if state.claimed.contains(id), page.owner == host { page.leave() }
                if state.locked.contains(id) { page.unlock() }
            }
        }
    }

    func page(_ segment: Segment) throws -> SignsPage {
        if let page = state.withLock({ $0.pages[segment.id] }) { return page }
        let page = SignsPage(try disk.share(files.claim(segment), writable: true))
        state.withLock { $0.pages[segment.id] = page }
        return page
    }

    /// How the claim on a segment looks, of which this storage has it or not.
    func claim(on segment: Segment, isOwn: Bool) throws -> SegmentClaim {
        let page = try page(segment)
        var claim = SegmentClaim(segment, beat: page.beat, asker: page.asker)
        if isOwn {
            // A stolen one is locked by the one it was stolen from, as long as that one lives.
            try lock(segment)
            claim.owner = host
        } else if try page.isLocked() {
            claim.owner = page.owner == host ? HostNumber(0) : page.owner
        }
        return claim
    }

    /// Locks the page of a segment, where nobody else does.
    ///
    /// - Returns: whether this storage has the lock now.
    @discardableResult
    func lock(_ segment: Segment) throws -> Bool {
        let page = try page(segment)
        if state.withLock({ $0.locked.contains(segment.id) }) { return true }
        guard try page.lock() else { return false }
        state.withLock { _ = $0.locked.insert(segment.id) }
        return true
    }

    func unlock(_ segment: Segment) throws {
        guard state.withLock({ $0.locked.remove(segment.id) }) != nil else { return }
        try page(segment).unlock()
    }

    /// Shows that this storage has claimed a segment.
    func enter(_ segment: Segment) throws {
        let page = try page(segment)
        page.asker = nil
        page.gatherer = nil
        page.owner = host
        page.beat &+= 1
        state.withLock { _ = $0.claimed.insert(segment.id) }
    }

    /// Shows that this storage does not have a segment any more.
    func leave(_ segment: Segment) throws {
        state.withLock { _ = $0.claimed.remove(segment.id) }
        let page = try page(segment)
        if page.owner == host { page.leave() }
    }

    func beat(handling position: Position?, at time: Timestamp) {
        state.withLock { state in
            if position != state.handling?.position {
                state.handling = position.map {
                    ProcessorSigns.Handling(position: $0, seenTime: time)
                }
            }
            for id in state.claimed {
                // Whoever has stolen it shows signs of life of his own.
                guard let page = state.pages[id], page.owner == host else { continue }
                page.beat &+= 1
                page.handling = state.handling
            }
        }
    }
}
