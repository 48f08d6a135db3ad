import EventModel
import EventStorage

/// Whose index it is.
struct IndexOrigin: Hashable, Sendable {
    /// The store.
    let store: EventID
    /// The hashes of the store.
    let hashes: IndexHashes
}

/// The first 4,096 bytes of an index file.
struct IndexHeader: Hashable, Sendable {
    /// How many files of one unit were merged into it.
    var units: UInt32
    /// Whose index it is.
    var origin: IndexOrigin
    /// Which part of the log it covers.
    var coverage: IndexCoverage
    /// The number of streams that begin in it.
    var newStreamCount: UInt64
    /// The checksum of the section with the checksums.
    var checksumsChecksum: UInt64
    /// Where the sections lie; as many as there are.
    var sections: [Range<Int>]

    /// The bytes of the whole file.
    var fileSize: Int { sections[IndexSection.checksums.rawValue].upperBound }

    /// The header as bytes.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(0))
        bytes.append(littleEndian: IndexFormat.magic)
        bytes.append(littleEndian: IndexFormat.version)
        bytes.append(littleEndian: units)
        bytes.append(littleEndian: UInt64(fileSize))
        bytes.append(littleEndian: origin.store.high.byteSwapped)
        bytes.append(littleEndian: origin.store.low.byteSwapped)
        bytes.append(littleEndian: coverage.firstPosition)
        bytes.append(littleEndian: coverage.lastPosition)
        bytes.append(littleEndian: coverage.startAddress)
        bytes.append(littleEndian: coverage.endAddress)
        bytes.append(littleEndian: coverage.recordChecksum)
        bytes.append(littleEndian: coverage.lastTime.microseconds)
        bytes.append(littleEndian: origin.hashes.seed)
        bytes.append(littleEndian: newStreamCount)
        bytes.append(littleEndian: checksumsChecksum)
        for section in sections {
            bytes.append(littleEndian: UInt64(section.lowerBound))
            bytes.append(littleEndian: UInt64(section.count))
        }
        bytes += [UInt8](repeating: 0, count: IndexFormat.headerSize - bytes.count)
        bytes.replace(littleEndian: IndexHeader.checksum(of: bytes.span.bytes), at: 0)
        return bytes
    }

    /// Takes the header of a whole index file apart; nothing where it is none or does not fit.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= IndexFormat.headerSize else { return nil }
        let header = bytes.extracting(first: IndexFormat.headerSize)
        do {
            var reader = EncodingReader(header)
            guard try reader.unsigned64() == IndexHeader.checksum(of: header),
                try reader.unsigned64() == IndexFormat.magic,
                try reader.unsigned32() == IndexFormat.version
            else { return nil }
            units = try reader.unsigned32()
            guard try reader.unsigned64() == UInt64(bytes.byteCount) else { return nil }
            let store = EventID(high: try reader.bigEndian64(), low: try reader.bigEndian64())
            coverage = IndexCoverage(
                firstPosition: try reader.unsigned64(),
                lastPosition: try reader.unsigned64(),
                startAddress: try reader.unsigned64(),
                endAddress: try reader.unsigned64(),
                recordChecksum: try reader.unsigned64(),
                lastTime: Timestamp(microseconds: Int64(bitPattern: try reader.unsigned64()))
            )
            origin = IndexOrigin(store: store, hashes: IndexHashes(seed: try reader.unsigned64()))
            newStreamCount = try reader.unsigned64()
            checksumsChecksum = try reader.unsigned64()
            sections = []
            var end = IndexFormat.headerSize
            for _ in IndexSection.allCases {
                let start = try reader.unsigned64()
                let size = try reader.unsigned64()
                guard start >= UInt64(end), start <= UInt64(bytes.byteCount),
                    size <= UInt64(bytes.byteCount) - start
                else { return nil }
                end = Int(start + size)
                sections.append(Int(start)..<end)
            }
        } catch {
            return nil
        }
        guard coverage.isPossible, fileSize == bytes.byteCount, hasFittingSections else {
            return nil
        }
    }

    /// Makes a header from its parts.
    init(
        units: UInt32,
        origin: IndexOrigin,
        coverage: IndexCoverage,
        newStreamCount: UInt64,
        checksumsChecksum: UInt64,
        sections: [Range<Int>]
    ) {
        self.units = units
        self.origin = origin
        self.coverage = coverage
        self.newStreamCount = newStreamCount
        self.checksumsChecksum = checksumsChecksum
        self.sections = sections
    }

    /// The number of streams that have events in the file.
    var streamCount: Int { size(.streams) / StreamRow.size }

    private func size(_ section: IndexSection) -> Int { sections[section.rawValue].count }

    /// Whether every section has as many rows as the header makes necessary.
    private var hasFittingSections: Bool {
        let events = coverage.eventCount
        let checked = sections[IndexSection.checksums.rawValue].lowerBound - IndexFormat.headerSize
        let checksums = (checked + IndexFormat.checkedSize - 1) / IndexFormat.checkedSize
        let termDirectory = size(.termDirectory)
        return size(.addresses) == events * 4
            && size(.streams) == streamCount * StreamRow.size
            && size(.slots) == IndexFormat.slotCount(streams: streamCount) * 4
            && size(.identities) == events * IdentityLayout.size
            && size(.directory) == (IndexFormat.bucketCount(events: events) + 1) * 4
            && size(.filter) == IndexFormat.filterBlockCount(events: events)
                * IndexFormat.filterBlockSize
            && sections[IndexSection.filter.rawValue].lowerBound % IndexFormat.alignment == 0
            && size(.blocks) == coverage.blockCount * BlockRow.size
            && termDirectory >= 8 && termDirectory % 4 == 0
            && size(.checksums) == checksums * 8
    }

    private static func checksum(of bytes: RawSpan) -> UInt64 {
        LogFormat.checksum(bytes.extracting(8..<IndexFormat.headerSize), seed: 0)
    }
}
