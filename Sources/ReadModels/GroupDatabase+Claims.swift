import Disk
import EventModel
import Processing
import SQLiteDatabase

/// The claims on the segments of a group.
///
/// A claim is a number in the segment's row that nobody else knows. The page of the segment only
/// says who has it and that its owner is alive.
extension GroupDatabase {
    func segments() throws -> [Segment] {
        try checkUnchanged()
        return stored?.segments.map(\.segment) ?? [.whole]
    }

    var claimed: Set<Segment> { Set(claims.keys) }

    func claim(on segment: Segment) throws -> SegmentClaim {
        try openPages().claim(on: segment, isOwn: claims[segment] != nil)
    }

    func take(_ segment: Segment, isStolen: Bool) throws -> Bool {
        let pages = try openPages()
        guard try pages.lock(segment) || isStolen else { return false }
        let number = Int64.random(in: 1...(.max))
        do {
            if try write(number, on: segment) {
                claims[segment] = number
                try pages.enter(segment)
            }
        } catch {
            try? pages.unlock(segment)
            throw error
        }
        if claims[segment] == nil { try pages.unlock(segment) }
        return claims[segment] != nil
    }

    /// Goes on with the claims after segments have been split or merged: what has the number of an
    /// earlier one goes on in its row, under its claim.
    func moveClaims(to segments: [Segment]) {
        for (earlier, number) in claims where !segments.contains(earlier) {
            if let heir = segments.first(where: { $0.id == earlier.id }) {
                claims[earlier] = nil
                claims[heir] = number
            } else {
                release(earlier)
            }
        }
    }

    /// Writes a claim down; false where there is no such segment.
    private func write(_ number: Int64, on segment: Segment) throws -> Bool {
        try database.begin()
        do {
            let loaded = try load()
            try checkClaims(in: loaded)
            let isThere = loaded?.claims[segment] != nil
            // Before a group has run there is no row; the first one is written with the claim.
            guard isThere || (stored == nil && segment == .whole) else {
                rollback()
                return false
            }
            let statement = try database.prepare(ProgressSQL.claim, isTrusted: true)
            try statement.bind(.integer(Int64(segment.id)), at: 1)
            try statement.bind(.integer(Int64(segment.mask)), at: 2)
            try statement.bind(.integer(number), at: 3)
            try statement.run()
            try database.commit()
            return true
        } catch {
            rollback()
            throw error
        }
    }

    func release(_ segment: Segment) {
        guard claims.removeValue(forKey: segment) != nil else { return }
        // A page that cannot be opened has not been locked.
        try? pages?.leave(segment)
        try? pages?.unlock(segment)
    }

    func ask(for segment: Segment) throws {
        let pages = try openPages()
        try pages.page(segment).asker = pages.host
    }

    func gather(_ isWanted: Bool) {
        guard let pages, let first = claims.keys.first(where: { $0.id == 0 }),
            let page = try? pages.page(first), page.owner == pages.host
        else { return }
        let wanted = isWanted ? pages.host : nil
        if page.gatherer != wanted { page.gatherer = wanted }
    }

    func gatherer() throws -> HostNumber? {
        try openPages().page(.whole).gatherer
    }

    var heart: any ClaimHeart {
        guard let pages else { preconditionFailure("Only rows in use have a heart.") }
        return pages
    }

    private func openPages() throws -> ClaimPages {
        guard let pages else { preconditionFailure("Only rows in use are claimed.") }
        return pages
    }

    func publish(_ signs: ProcessorSigns, _ segments: [SegmentProgress]) {
        guard let pages else { return }
        for segment in segments where claims[segment.segment] != nil {
            guard let page = try? pages.page(segment.segment), page.owner == pages.host else {
                continue
            }
            var signs = signs
            signs.position = segment.token.position
            page.publish(signs)
        }
    }
}
