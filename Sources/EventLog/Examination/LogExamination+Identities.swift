import EventModel
import EventStorage

/// An event that no index file covers, as far as its identity goes.
struct RecentIdentity: Hashable, Sendable {
    /// The hash of the identity.
    var hash: UInt32
    /// Where in the log it begins.
    var address: UInt64
}

extension LogExamination {
    /// Events behind the index files whose identities are remembered.
    static let recentCountMax = 1 << 22

    /// Looks for identities that two events have: goes through those of all index files, and of the
    /// events behind them, in the order of their hashes, and compares those whose hashes are equal.
    mutating func examineIdentities(_ indexes: [ExaminedIndex]) {
        // What is damaged is named already, and may not be read again.
        guard !findings.contains(where: { $0.kind.severity >= .warning }) else { return }
        do {
            let logFiles = try files.filter { $0.header != nil }.compactMap {
                try LogFile.open($0.path, expecting: nil, disk: disk)
            }
            var walk = try IdentityWalk(
                indexes.prefix(LogIndex.connectedCount(indexes.map(\.index.header.coverage)))
                    .map(\.index),
                recent: recentIdentities
            )
            while let places = try walk.nextShared() {
                var known: [EventID: Position] = [:]
                for place in places {
                    let (id, position) = try identity(at: place, in: logFiles)
                    guard let earlier = known.updateValue(position, forKey: id) else { continue }
                    note(
                        .identityTwice,
                        directory.log,
                        positions: min(earlier, position)...max(earlier, position),
                        "the events of positions \(earlier) and \(position) have the identity \(id)"
                    )
                }
            }
        } catch {
            note(.fileUnreadable, directory.log, String(describing: error))
        }
    }

    private func identity(
        at place: IdentityWalk.Place,
        in logFiles: [LogFile]
    ) throws -> (EventID, Position) {
        switch place {
        case .recent(let address):
            var reader = EventReader(logFiles)
            return try reader.withEvent(at: address) { ($0.id, $0.position) }
        case .indexed(let file, let position):
            var found: EventID?
            guard let block = try file.block(of: position) else { throw file.damage }
            var cursor = try EventCursor(logFiles, at: block)
            try cursor.skip(to: Position(position))
            _ = try cursor.forEach(through: Position(position)) { event in
                found = event.id
                return .stop
            }
            guard let found else { throw file.damage }
            return (found, Position(position))
        }
    }
}

/// Goes through the identities of index files and of what is behind them in the order of hashes.
struct IdentityWalk {
    /// Where the event with an identity is to be found.
    enum Place {
        /// In the log, at an address.
        case recent(UInt64)
        /// At a position that an index file covers.
        case indexed(IndexFile, UInt64)
    }

    private let indexes: [IndexFile]
    private var cursors: [IdentityCursor] = []
    private let recent: [RecentIdentity]
    private var next = 0

    /// Begins with the lowest hash.
    init(_ indexes: [IndexFile], recent: [RecentIdentity]) throws(IndexDamage) {
        self.indexes = indexes
        for index in indexes { cursors.append(try IdentityCursor(index, positionShift: 0)) }
        self.recent = recent.sorted { $0.hash < $1.hash }
    }

    /// The places of the next hash that several events share; nothing behind the last.
    mutating func nextShared() throws(IndexDamage) -> [Place]? {
        while let hash = lowestHash {
            var places: [Place] = []
            for number in cursors.indices {
                while UInt32(cursors[number].entry >> 32) == hash, cursors[number].entry != .max {
                    let distance = cursors[number].entry & 0xFFFF_FFFF
                    let first = indexes[number].header.coverage.firstPosition
                    places.append(.indexed(indexes[number], first + distance))
                    try cursors[number].advance()
                }
            }
            while next < recent.count, recent[next].hash == hash {
                places.append(.recent(recent[next].address))
                next += 1
            }
            if places.count > 1 { return places }
        }
        return nil
    }

    private var lowestHash: UInt32? {
        var lowest: UInt32? = next < recent.count ? recent[next].hash : nil
        for cursor in cursors where cursor.entry != .max {
            lowest = min(lowest ?? .max, UInt32(cursor.entry >> 32))
        }
        return lowest
    }
}
