/// Decides which segments of a group a host claims, gives back and asks others for.
///
/// A value without clock or disk. Segments that nobody has are claimed; an owner that shows no sign
/// of life loses its segments; hosts that have fewer than others ask for some; and all are given to
/// the owner of the first segment while it needs them.
public struct ClaimKeeper: Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        /// Claim a segment that nobody has.
        case take(Segment)
        /// Claim a segment whose owner shows no sign of life.
        case steal(Segment)
        /// Give a segment back.
        case release(Segment)
        /// Ask the owner of a segment for it.
        case ask(Segment)

        /// Whether this host has other segments afterwards, or may have.
        var changesClaims: Bool {
            if case .ask = self { false } else { true }
        }
    }

    /// What is known of the signs of life of an owner.
    private struct Watch: Sendable {
        var owner: HostNumber
        var beat: UInt64
        /// When the beat was seen for the first time, by the clock of this host.
        var seenTime: Duration
    }

    /// The host that it decides for.
    public let host: HostNumber
    /// How long an owner may show no sign of life.
    public let stealTimeout: Duration
    private var watches: [Segment: Watch] = [:]

    /// Makes a keeper that has seen nothing.
    public init(_ host: HostNumber, stealTimeout: Duration) {
        self.host = host
        self.stealTimeout = stealTimeout
    }

    /// What to do now.
    ///
    /// Whether an owner shows signs of life is told from whether its beat changes while this host
    /// looks on, so that no clock of another one matters.
    ///
    /// - Parameters:
    ///   - claims: how the claim on each segment looks, in the order of the segments.
    ///   - gatherer: the host that has the first segment and wants all others.
    ///   - now: the time by a clock that never goes back, and stands still for nobody.
    /// - Returns: what to do, in this order.
    public mutating func next(
        _ claims: [SegmentClaim],
        gatherer: HostNumber?,
        at now: Duration
    ) -> [Action] {
        watches = watches.filter { watch in claims.contains { $0.segment == watch.key } }
        if let gatherer, gatherer != host, claims.first?.owner == gatherer {
            // It may have died with its wish; then others take the first segment, and go on.
            let silent = claims.filter { isSilent($0, at: now) }
            if silent.isEmpty {
                return claims.filter { $0.owner == host }.map { .release($0.segment) }
            }
        }
        var actions: [Action] = []
        for claim in claims {
            if claim.owner == nil {
                actions.append(.take(claim.segment))
            } else if isSilent(claim, at: now) {
                actions.append(.steal(claim.segment))
            }
        }
        if actions.isEmpty, gatherer == nil { actions = balance(claims) }
        return actions
    }

    /// Whether an owner has shown no sign of life for too long.
    private mutating func isSilent(_ claim: SegmentClaim, at now: Duration) -> Bool {
        guard let owner = claim.owner, owner != host else {
            watches[claim.segment] = nil
            return false
        }
        guard let watch = watches[claim.segment], watch.owner == owner, watch.beat == claim.beat
        else {
            watches[claim.segment] = Watch(owner: owner, beat: claim.beat, seenTime: now)
            return false
        }
        return now - watch.seenTime >= stealTimeout
    }

    /// Gives a segment to whoever asks for it and has fewer, or asks for one.
    ///
    /// The first segment stays where it is: its owner obeys the operations on the group.
    private func balance(_ claims: [SegmentClaim]) -> [Action] {
        var counts: [HostNumber: Int] = [host: 0]
        for claim in claims { claim.owner.map { counts[$0, default: 0] += 1 } }
        let own = counts[host] ?? 0
        let others = claims.dropFirst()
        let asked = others.last { $0.owner == host && isGranted($0, counts) }
        if let asked { return [.release(asked.segment)] }
        // Whoever has asked waits for the answer.
        if others.contains(where: { $0.asker == host && isGranted($0, counts) }) { return [] }
        let richest = others.last { claim in
            guard let owner = claim.owner else { return false }
            return counts[owner, default: 0] > own + 1 && !isGranted(claim, counts)
        }
        return richest.map { [.ask($0.segment)] } ?? []
    }

    /// Whether the owner of a segment is to give it to whoever asks for it, who has fewer; what was
    /// asked for when that was so, and is not any more, counts for nothing.
    private func isGranted(_ claim: SegmentClaim, _ counts: [HostNumber: Int]) -> Bool {
        guard let owner = claim.owner, let asker = claim.asker, asker != owner else { return false }
        return counts[asker, default: 0] + 1 < counts[owner, default: 0]
    }
}
