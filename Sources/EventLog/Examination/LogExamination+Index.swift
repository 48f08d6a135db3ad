import Disk
import EventModel
import EventStorage

/// An index file that is examined.
struct ExaminedIndex {
    let path: String
    let index: IndexFile
}

extension LogExamination {
    /// Opens the index files that have their checksums.
    ///
    /// Asks for marks where they begin and end.
    mutating func openIndexFiles(_ names: LogNames) -> [ExaminedIndex] {
        guard let store = manifest?.identity.id ?? files.first?.header?.store else { return [] }
        var indexes: [ExaminedIndex] = []
        for position in names.indexFiles {
            let path = directory.indexFile(position)
            do throws(DiskError) {
                let file = try disk.open(path, writable: false)
                let size = try file.size()
                guard size >= IndexFormat.headerSize else {
                    note(.indexDamaged, path, "the index file has only \(size) bytes")
                    continue
                }
                let mapping = try file.map(size: size)
                if let index = openIndex(mapping, position, path, store: store) {
                    marks.updateValue(nil, forKey: index.header.coverage.startAddress)
                    marks.updateValue(nil, forKey: index.header.coverage.endAddress)
                    indexes.append(ExaminedIndex(path: path, index: index))
                }
            } catch {
                // Merging takes index files away.
                if error.isMissing { continue }
                note(.fileUnreadable, path, StorageError(error).description)
            }
        }
        return indexes
    }

    private mutating func openIndex(
        _ mapping: any MappedBytes,
        _ position: Position,
        _ path: String,
        store: EventID
    ) -> IndexFile? {
        let origin = IndexOrigin(store: store, hashes: hashes)
        let index: IndexFile
        do throws(IndexDamage) {
            index = try IndexFile(mapping, firstPosition: position.number, origin: origin)
        } catch {
            let isForeign = error.reason == .origin || error.reason == .name
            note(
                isForeign ? .indexForeign : .indexDamaged,
                path,
                bytes: 0..<min(mapping.buffer.count, IndexFormat.headerSize),
                isForeign
                    ? "the index file belongs to another log or place"
                    : "the header or the checksums of the index file are damaged"
            )
            return nil
        }
        let damaged = index.header.damagedBytes(of: RawSpan(_unsafeBytes: mapping.buffer))
        guard let first = damaged.first, let last = damaged.last else { return index }
        note(
            .indexDamaged,
            path,
            bytes: first.lowerBound..<last.upperBound,
            "\(damaged.count) blocks of the index file do not have their checksums"
        )
        return nil
    }

    /// Compares an index file with what was found in the log.
    mutating func examine(_ examined: ExaminedIndex) {
        let coverage = examined.index.header.coverage
        guard let start = marks[coverage.startAddress] ?? nil,
            let end = marks[coverage.endAddress] ?? nil,
            end.checksum == coverage.recordChecksum,
            end.lastPosition.number == coverage.lastPosition,
            start.lastPosition.number + 1 == coverage.firstPosition
        else {
            if findings.contains(where: { $0.kind.severity == .critical }) { return }
            note(
                .indexForeign,
                examined.path,
                "the index file tells of records that the log does not hold"
            )
            return
        }
        guard start.gapCount == end.gapCount else { return }
        do throws(IndexDamage) {
            let sums = try examined.index.sums(hashes)
            guard sums.identities == end.identities &- start.identities,
                sums.streams == end.streams &- start.streams
            else { throw examined.index.damage }
        } catch {
            note(
                .indexDamaged,
                examined.path,
                "the index file tells of other events than the log holds"
            )
        }
    }

    /// Looks at how much of the sealed files the index files cover.
    mutating func examineCoverage(_ indexes: [ExaminedIndex]) {
        if findings.contains(where: { $0.kind == .indexDamaged || $0.kind == .indexForeign }) {
            return
        }
        var covered: UInt64 = 0
        for index in indexes.map(\.index.header.coverage) where index.firstPosition <= covered + 1 {
            covered = max(covered, index.lastPosition)
        }
        guard files.count > 1, let last = files.last, last.namedPosition.number > covered + 1 else {
            return
        }
        let missing = Position(covered + 1)...Position(last.namedPosition.number - 1)
        // The index of the newest sealed file may still be in the making.
        guard let before = files.dropLast().last, missing.lowerBound < before.namedPosition else {
            return
        }
        note(.indexMissing, directory.log, "no index file covers \(missing.words)")
    }
}

extension IndexHeader {
    /// The blocks of a whole index file that do not have their checksums.
    fileprivate func damagedBytes(of bytes: RawSpan) -> [Range<Int>] {
        let table = sections[IndexSection.checksums.rawValue]
        var damaged: [Range<Int>] = []
        for number in 0..<table.count / 8 {
            let start = IndexFormat.headerSize + number * IndexFormat.checkedSize
            let range = start..<min(start + IndexFormat.checkedSize, table.lowerBound)
            let stored = bytes.unsafeLoadUnaligned(
                fromByteOffset: table.lowerBound + number * 8,
                as: UInt64.self
            )
            if LogFormat.checksum(bytes.extracting(range), seed: 0) != UInt64(littleEndian: stored)
            {
                damaged.append(range)
            }
        }
        return damaged
    }
}

extension IndexFile {
    /// What its identities, and its streams with sequences and addresses, add up to.
    fileprivate func sums(_ hashes: IndexHashes) throws(IndexDamage) -> LogMark {
        var sums = LogMark()
        var cursor = try IdentityCursor(self, positionShift: 0)
        for _ in 0..<header.coverage.eventCount {
            let position = header.coverage.firstPosition &+ (cursor.entry & 0xFFFF_FFFF)
            sums.add(identity: UInt32(cursor.entry >> 32), position: position)
            try cursor.advance()
        }
        for number in 0..<streamCount {
            let run = try run(number)
            let hash = hashes.stream(try name(number))
            var sequence = run.firstSequence
            try forEachAddress(run.firstAddress..<run.firstAddress + run.count) { address in
                sums.add(
                    stream: hash,
                    sequence: sequence,
                    address: header.coverage.startAddress &+ UInt64(address)
                )
                sequence &+= 1
            }
        }
        return sums
    }
}
