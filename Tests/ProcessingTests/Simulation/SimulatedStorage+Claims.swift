import EventModel
@testable import Processing

/// The claims on the segments of the simulated group.
extension SimulatedStorage {
    func segments() throws -> [Segment] {
        try checkUnchanged()
        return stored?.segments.map(\.segment) ?? [.whole]
    }

    var claimed: Set<Segment> { Set(claims.keys) }

    func claim(on segment: Segment) throws -> SegmentClaim {
        try host.reach()
        let page = page(segment)
        silences[segment] = world.uptime - page.beatTime
        var claim = SegmentClaim(segment, beat: page.beat, asker: page.asker)
        if claims[segment] != nil {
            lock(segment)
            claim.owner = number
        } else if let holder = page.lockHolder, holder != number {
            claim.owner = page.owner == number ? HostNumber(0) : page.owner ?? HostNumber(0)
        }
        return claim
    }

    func take(_ segment: Segment, isStolen: Bool) throws -> Bool {
        try host.reach()
        if isStolen, silences[segment, default: .zero] < .seconds(10) {
            throw world.violation("segment \(segment) is stolen from a host that shows itself")
        }
        let hasLock = lock(segment)
        guard hasLock || isStolen else { return false }
        do {
            if try write(world.newClaim(), on: segment) { enter(segment) }
        } catch {
            unlock(segment)
            throw error
        }
        if claims[segment] == nil { unlock(segment) }
        try host.reach()
        return claims[segment] != nil
    }

    /// Writes a claim down; false where there is no such segment.
    private func write(_ claim: Int64, on segment: Segment) throws -> Bool {
        try lockFile()
        defer { end() }
        load()
        try checkClaims()
        let isThere = content.segments[segment.id]?.progress.segment == segment
        guard isThere || (stored == nil && segment == .whole) else { return false }
        try host.reach()
        guard !host.isDead else { throw Crash() }
        file.content.segments[segment.id]?.claim = claim
        noteCommit()
        claims[segment] = claim
        world.trace("take \(segment) by \(number.bits)")
        return true
    }

    func release(_ segment: Segment) {
        guard !host.isDead, claims.removeValue(forKey: segment) != nil else { return }
        world.trace("release \(segment) by \(number.bits)")
        if page(segment).owner == number {
            change(segment) {
                $0.owner = nil
                $0.gatherer = nil
            }
        }
        unlock(segment)
    }

    func moveClaims(to segments: [Segment]) {
        for (earlier, claim) in claims where !segments.contains(earlier) {
            if let heir = segments.first(where: { $0.id == earlier.id }) {
                claims[earlier] = nil
                claims[heir] = claim
            } else {
                release(earlier)
            }
        }
    }

    func ask(for segment: Segment) throws {
        try host.reach()
        world.trace("ask for \(segment) by \(number.bits)")
        change(segment) { $0.asker = number }
    }

    func gather(_ isWanted: Bool) {
        guard !host.isDead, let first = claims.keys.first(where: { $0.id == 0 }),
            page(first).owner == number
        else { return }
        change(first) { $0.gatherer = isWanted ? number : nil }
    }

    func gatherer() throws -> HostNumber? {
        try host.reach()
        return page(.whole).gatherer
    }

    var heart: any ClaimHeart { SimulatedHeart(host: number) }

    /// Shows a sign of life of all claimed segments.
    func beat() {
        for segment in claims.keys where page(segment).owner == number {
            change(segment) {
                $0.beat += 1
                $0.beatTime = world.uptime
            }
        }
    }

    private func page(_ segment: Segment) -> ClaimPage { disk.pages[segment.id] ?? ClaimPage() }

    private func change(_ segment: Segment, _ change: (inout ClaimPage) -> Void) {
        change(&disk.pages[segment.id, default: ClaimPage()])
    }

    private func enter(_ segment: Segment) {
        change(segment) {
            $0.asker = nil
            $0.gatherer = nil
            $0.owner = number
            $0.beat += 1
            $0.beatTime = world.uptime
        }
    }

    @discardableResult
    private func lock(_ segment: Segment) -> Bool {
        if page(segment).lockHolder == nil { change(segment) { $0.lockHolder = number } }
        return page(segment).lockHolder == number
    }

    private func unlock(_ segment: Segment) {
        if page(segment).lockHolder == number { change(segment) { $0.lockHolder = nil } }
    }
}

/// The heart of a simulated storage, which the simulation has beat by other means.
private struct SimulatedHeart: ClaimHeart {
    let host: HostNumber

    func beat(handling position: Position?, at time: Timestamp) {}
}
