import EventModel
import EventStorage

/// A position where one of some identities may be.
struct IdentityCandidate: Hashable, Sendable {
    /// Which of the identities, from 0.
    var number: Int
    /// Where it may be.
    var position: Position
}

/// Finds events of a log without reading it: index files, oldest first, and what came after them.
///
/// A value; whoever reads takes a copy under the lock of its owner and asks the copy. That costs
/// nothing by itself, but while the copy lives the next event added makes the original copy its
/// recent part. So what is asked often, ``addresses(of:from:through:)`` and
/// ``blocks(for:in:)``, answers with values of their own and is meant to be asked under the lock.
struct LogIndex: Sendable {
    /// The index files, each going on where the one before ends.
    private(set) var files: [IndexFile]
    /// The events behind the last file.
    private(set) var recent: RecentIndex

    /// Makes the index of a log of which only files are known so far.
    ///
    /// - Parameters:
    ///   - origin: whose index it is.
    ///   - files: the first covers position 1, each other goes on where the one before ends.
    ///   - startAddress: where the log's first record may begin.
    init(origin: IndexOrigin, files: [IndexFile] = [], startAddress: UInt64) {
        let connected = LogIndex.connectedCount(files.map(\.header.coverage))
        precondition(connected == files.count, "Index files cover the log without gaps.")
        let last = files.last?.header.coverage
        self.files = files
        recent = RecentIndex(
            origin: origin,
            firstPosition: (last?.lastPosition ?? 0) + 1,
            startAddress: last?.endAddress ?? startAddress
        )
    }

    /// How many parts, from the first on, cover a log from its beginning and without gaps.
    static func connectedCount(_ parts: [IndexCoverage]) -> Int {
        guard parts.first?.firstPosition == 1 else { return 0 }
        let pairs = zip(parts, parts.dropFirst())
        return 1 + pairs.prefix { $1.follows($0) }.count
    }

    /// The position of the last event.
    var lastPosition: UInt64 { recent.lastPosition }

    /// Takes in the event that follows the last one taken in.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - address: where it begins.
    ///   - recordAddress: where its record begins.
    mutating func add(_ event: borrowing EventView, address: UInt64, recordAddress: UInt64) {
        recent.add(event, address: address, recordAddress: recordAddress)
    }

    /// Takes a file of all recent events in their place.
    mutating func append(_ file: IndexFile) {
        let coverage = file.header.coverage
        precondition(
            coverage.firstPosition == recent.firstPosition
                && coverage.lastPosition == recent.lastPosition
                && coverage.startAddress == recent.startAddress,
            "A new index file covers just the recent events."
        )
        files.append(file)
        recent = RecentIndex(
            origin: recent.origin,
            firstPosition: coverage.lastPosition + 1,
            startAddress: coverage.endAddress,
            expecting: recent.eventCount
        )
    }

    /// Takes the file into which others merged in their place.
    mutating func replace(_ numbers: Range<Int>, with file: IndexFile) {
        let merged = files[numbers]
        precondition(
            merged.first?.header.coverage.firstPosition == file.header.coverage.firstPosition
                && merged.last?.header.coverage.lastPosition == file.header.coverage.lastPosition,
            "A merged index file covers just the files that it replaces."
        )
        files.replaceSubrange(numbers, with: [file])
    }

    /// The positions where identities may be: all where they are, which is at most one for each,
    /// and rarely another.
    ///
    /// One part after the other is asked for all of them, which is faster than one by one.
    func candidates(of ids: [EventID]) throws(IndexDamage) -> [IdentityCandidate] {
        let hashes = ids.map(recent.origin.hashes.identity)
        var candidates: [IdentityCandidate] = []
        for file in files { try file.appendCandidates(hashes, to: &candidates) }
        recent.appendCandidates(hashes, to: &candidates)
        return candidates
    }

    /// The types and revisions, by type, then revision.
    func census() throws(IndexDamage) -> [TypeCensus] {
        var parts: [[TypeCensus]] = []
        for file in files { parts.append(try file.census()) }
        return TypeCensus.merged(parts + [recent.census])
    }

    /// The number of streams.
    ///
    /// Every stream begins in just one part.
    var streamCount: Int {
        files.reduce(recent.newStreamCount) {
            $0 &+ Int(truncatingIfNeeded: $1.header.newStreamCount)
        }
    }
}
