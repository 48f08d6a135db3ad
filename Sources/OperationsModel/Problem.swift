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

    /// Makes a problem from its parts.
    public init(
        severity: Severity,
        place: Place,
        summary: String,
        remedy: String,
        since: Timestamp? = nil
    ) {
        self.severity = severity
        self.place = place
        self.summary = summary
        self.remedy = remedy
        self.since = since
    }
}
