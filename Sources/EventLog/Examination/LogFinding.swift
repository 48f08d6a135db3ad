package import EventModel

/// Something that is wrong with the files of a log, or worth knowing of them.
package struct LogFinding: Hashable, Sendable {
    /// How bad a finding is; ordered from mild to grave.
    package enum Severity: Int, Hashable, Comparable, Sendable {
        /// Worth knowing, nothing to do.
        case notice
        /// Nothing is lost, and somebody should look at it.
        case warning
        /// Events are lost or in danger, or the store cannot be used.
        case critical

        /// Whether the left severity is milder.
        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is wrong.
    package var kind: Kind
    /// The path of the file or directory that it was found in.
    package var file: String
    /// The bytes of the file that it is about, without the upper bound; nothing where it is about
    /// all of them, or about none.
    package var bytes: Range<Int>?
    /// The positions that cannot be read as they were written; nothing where all can.
    package var positions: ClosedRange<Position>?
    /// What was found, in one line.
    package var summary: String

    /// How bad it is.
    package var severity: Severity { kind.severity }
    /// What to do about it, in one line.
    package var remedy: String { kind.remedy }
}

/// What an examination of a log found.
package struct LogReport: Hashable, Sendable {
    /// The findings, worst first; those as bad as each other in the order of files and bytes.
    package var findings: [LogFinding]
    /// How many more there were of kinds that were found very often.
    package var leftOutCount: Int
    /// The position of the last event that was found; nothing where records were not looked at.
    package var lastPosition: Position?
    /// The bytes that were read.
    package var byteCount: Int
}

/// What an examination looks at.
package enum LogExaminationDepth: Hashable, Sendable {
    /// Headers, names, permissions and the shared page; takes no time that grows with the events.
    case quick
    /// Every byte that has a checksum.
    case full
}
