import EventModel

/// The numbers of the index files; see the documentation's page "The format of the index files".
enum IndexFormat {
    /// What an index file starts with after its checksum.
    static let magic: UInt64 = 0x0A58_444E_4943_4552  // "RECINDX\n"
    /// The version of the format.
    static let version: UInt32 = 1
    /// The bytes before the first section.
    static let headerSize = 4096
    /// The bytes that share a checksum.
    static let checkedSize = 4096
    /// Sections begin at multiples of this, a cache line.
    static let alignment = 64
    /// The most bytes of the log that a part covers, so that every number in it fits in 32 bits.
    static let spanMax: UInt64 = (1 << 32) - 1
    /// The most units of an index file.
    static let unitsMax: UInt32 = 1024
    /// How many files of equal units are merged into one.
    static let mergeCount = 4
    /// The positions of a block.
    static let positionsPerBlock: UInt64 = 64
    /// The bytes of a block of the filter.
    static let filterBlockSize = 64

    /// The number of the block that holds a position.
    static func blockNumber(of position: UInt64) -> UInt64 {
        (position &- 1) / positionsPerBlock
    }

    /// Where a hash belongs among `count` places, which ascend with the hashes.
    static func place(_ hash: UInt32, in count: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(hash) &* UInt64(truncatingIfNeeded: count)) >> 32)
    }

    /// The slots for the names of some streams.
    static func slotCount(streams: Int) -> Int { streams * 3 / 2 + 1 }

    /// The bits of a slot that tell the number of one of some streams.
    static func slotNumberBits(streams: Int) -> UInt32 {
        UInt32(Int.bitWidth - streams.leadingZeroBitCount)
    }

    /// The buckets of the identities of some events.
    static func bucketCount(events: Int) -> Int { events / 16 + 1 }

    /// The blocks of the filter for the identities of some events.
    static func filterBlockCount(events: Int) -> Int { events / 48 + 1 }

    /// The buckets of some terms.
    static func bucketCount(terms: Int) -> Int { terms / 8 + 1 }

    /// The name of the file whose first event has a position.
    static func fileName(firstPosition: UInt64) -> String {
        LogFile.digits(of: Position(firstPosition)) + ".index"
    }
}

/// The sections of an index file, in their order.
enum IndexSection: Int, CaseIterable {
    case addresses
    case streams
    case names
    case slots
    case identities
    case directory
    case filter
    case blocks
    case terms
    case termDirectory
    case census
    case checksums
}
