import EventModel

/// Performs what a ``ClaimKeeper`` decides, on the claims of one opened storage.
struct GroupClaims {
    private let storage: any GroupStorage
    private var keeper: ClaimKeeper
    private let uptime: UptimeSource
    private var lookedTime: Duration?

    /// How often others are looked after.
    private static let interval = Duration.milliseconds(50)

    init(
        _ storage: any GroupStorage,
        stealTimeout: Duration,
        uptime: @escaping UptimeSource = uptimeSource()
    ) {
        self.storage = storage
        self.uptime = uptime
        keeper = ClaimKeeper(storage.heart.host, stealTimeout: stealTimeout)
    }

    /// The claimed segments; nothing where they are all there are.
    func chosen() throws -> Set<Segment>? {
        let claimed = storage.claimed
        return try storage.segments().allSatisfy(claimed.contains) ? nil : claimed
    }

    /// Claims, gives back and asks for segments, unless it was done just before.
    ///
    /// - Parameter needsAll: whether this process wants all segments, if it has the first one;
    ///   nothing where that is not known yet, and what was said before holds.
    /// - Returns: whether it claimed a segment or gave one back, so that what was known of the
    ///   progress of the group before may not be so any more.
    /// - Throws: what the storage has against it; ``ClaimLost`` where somebody else has a segment.
    @discardableResult
    mutating func tend(needsAll: Bool? = nil) throws -> Bool {
        let now = uptime()
        if let lookedTime, now - lookedTime < GroupClaims.interval { return false }
        lookedTime = now
        if let needsAll { storage.gather(needsAll) }
        let claims = try storage.segments().map { try storage.claim(on: $0) }
        let actions = keeper.next(
            claims,
            gatherer: try storage.gatherer(),
            at: now
        )
        for action in actions {
            switch action {
            case .take(let segment): _ = try storage.take(segment, isStolen: false)
            case .steal(let segment): _ = try storage.take(segment, isStolen: true)
            case .release(let segment): storage.release(segment)
            case .ask(let segment): try storage.ask(for: segment)
            }
        }
        return actions.contains(where: \.changesClaims)
    }
}
