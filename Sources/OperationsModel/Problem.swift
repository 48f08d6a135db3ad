public import EventModel

/// Something that is or will be wrong.
public struct Problem: Hashable, Sendable {
    /// How bad it is; ordered from mild to grave.
    public enum Severity: Int, Hashable, Comparable, Sendable {
        /// Worth knowing, nothing to do.
        case notice
        /// Will become critical if nobody acts.
        case warning
        /// Broken now.
        case critical

        /// Whether the left problem is milder.
        public static func < (left: Self, right: Self) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// Where to look.
    public enum Place: Hashable, Sendable {
        /// The log and its files.
        case store
        /// One processing group.
        case processor(String)
        /// One stream.
        case stream(StreamName)
    }

    /// How bad it is.
    public var severity: Severity
    /// Where it is.
    public var place: Place
    /// What is wrong, in one line.
    public var summary: String
    /// What to do about it, in one line.
    public var remedy: String
    /// Since when, as far as known.
    public var since: Timestamp?
    /// The word for it that the documentation explains, such as `recordDamaged`; nothing where the
    /// problem is not about files.
    public var kind: String?
    /// The path of the file it is about, as far as it is about one.
    public var file: String?
    /// The bytes of the file that it is about, without the upper bound.
    public var bytes: Range<Int>?
    /// The positions that cannot be read as they were written.
    public var positions: ClosedRange<Position>?

    /// Makes a problem from its parts.
    public init(
        severity: Severity,
        place: Place,
        summary: String,
        remedy: String,
        since: Timestamp? = nil,
        kind: String? = nil,
        file: String? = nil,
        bytes: Range<Int>? = nil,
        positions: ClosedRange<Position>? = nil
    ) {
        self.severity = severity
        self.place = place
        self.summary = summary
        self.remedy = remedy
        self.since = since
        self.kind = kind
        self.file = file
        self.bytes = bytes
        self.positions = positions
    }
}
