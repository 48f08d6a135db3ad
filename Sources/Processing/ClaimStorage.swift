public import EventModel

/// The claims on the segments of a group; no two processes have the same one at the same time.
///
/// A claim is written in the database of the group, so that whoever has lost it finds out inside
/// its next transaction, which then does not happen.
public protocol ClaimStorage: AnyObject {
    /// The segments of the group as they are now; the whole where it never ran.
    func segments() throws -> [Segment]

    /// The segments that this storage has claimed.
    var claimed: Set<Segment> { get }

    /// How the claim on a segment looks from here.
    func claim(on segment: Segment) throws -> SegmentClaim

    /// Claims a segment.
    ///
    /// - Parameters:
    ///   - segment: the segment.
    ///   - isStolen: whether its owner shows no signs of life and loses it.
    /// - Returns: whether the claim was taken; false where somebody else has it after all, or there
    ///   is no such segment any more.
    /// - Throws: what keeps the storage from writing the claim down.
    func take(_ segment: Segment, isStolen: Bool) throws -> Bool

    /// Gives a segment back, for others to claim.
    func release(_ segment: Segment)

    /// Asks the owner of a segment to give it back.
    func ask(for segment: Segment) throws

    /// Says whether this process, which has the first segment, wants all others.
    func gather(_ isWanted: Bool)

    /// The host that has the first segment and wants all others; nothing where none does.
    func gatherer() throws -> HostNumber?

    /// What shows others that this process is alive, from another thread.
    var heart: any ClaimHeart { get }
}

/// Shows others that a process is alive which has claimed segments.
public protocol ClaimHeart: Sendable {
    /// The storage that it is for.
    var host: HostNumber { get }

    /// Shows a sign of life.
    ///
    /// - Parameters:
    ///   - position: the event that handlers have in their hands.
    ///   - time: the time now.
    func beat(handling position: Position?, at time: Timestamp)
}

/// Names one opened storage of a group, among those of all processes that ever were.
public struct HostNumber: Hashable, Sendable {
    /// A number that no other has.
    public let bits: UInt64

    /// Names a host by its number.
    public init(_ bits: UInt64) {
        self.bits = bits
    }
}

/// How the claim on a segment looks to a process.
public struct SegmentClaim: Hashable, Sendable {
    /// The segment.
    public var segment: Segment
    /// Who has claimed it; nothing where nobody has.
    public var owner: HostNumber?
    /// A number that changes with every sign of life of the owner.
    public var beat: UInt64
    /// Who asks the owner to give it back.
    public var asker: HostNumber?

    /// Makes a claim from its parts.
    public init(
        _ segment: Segment,
        owner: HostNumber? = nil,
        beat: UInt64 = 0,
        asker: HostNumber? = nil
    ) {
        self.segment = segment
        self.owner = owner
        self.beat = beat
        self.asker = asker
    }
}

/// Another process has taken a segment, so that nothing may be stored for it here any more.
public struct ClaimLost: Error, CustomStringConvertible {
    /// What happened, and what to do about it.
    public let description =
        "another process has taken over the group, or changed its tables; where both run on, stop "
        + "one of the two"

    /// Makes the error.
    public init() {}
}

/// Another process has changed what concerns all segments of the group: look at it anew.
public struct GroupChanged: Error, CustomStringConvertible {
    /// What happened.
    public let description = "another process has changed the progress of the group"

    /// Makes the error.
    public init() {}
}
