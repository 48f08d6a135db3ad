public import Disk
public import EventStorage

/// What an import did.
public struct ImportResult: Hashable, Sendable {
    /// How many events were appended.
    public var addedCount = 0
    /// How many events the store held already.
    public var knownCount = 0
    /// How many lines were rejected.
    public var rejectedCount = 0
    /// The bytes of the lines, decompressed.
    public var byteCount = 0
    /// How long it took.
    public var seconds: Double = 0
    /// The files with rejected lines.
    public var rejectionFiles: [String] = []

    /// Makes the result of an import that has done nothing.
    public init() {}
}

/// How far an import is.
public struct ImportProgress: Hashable, Sendable {
    /// The name of the source being read.
    public var source: String
    /// How many events have been imported or were known already.
    public var eventCount: Int
    /// The bytes read from the sources, as they are stored.
    public var readSize: Int
    /// The bytes of all sources; nothing where one of them does not tell.
    public var totalSize: Int?
}

/// What happens after a line that cannot be imported.
public enum ImportErrorPolicy: String, Hashable, Sendable, CaseIterable {
    /// The import ends; everything before the line is in the store.
    case stop
    /// The line goes into a file of rejected lines, and the import goes on.
    case skip
}

/// Why an import ended early; what had been imported stays.
public enum ImportError: Error, Hashable, Sendable {
    /// A line could not be imported.
    case line(ImportFailure)
    /// A source or a file of rejected lines could not be opened, read or written.
    case file(DiskError)
    /// The store refused or failed.
    case store(AppendError)
}
