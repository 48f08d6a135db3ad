import Disk
import EventModel
import EventStorage

extension LogState {
    /// Takes over what index files know, from the first one on, as far as they fit the log.
    ///
    /// Records behind `witnessed`, which is certain to have been acknowledged or synced, are taken
    /// in from the log itself, since they may have been lost in part with the machine.
    mutating func adoptIndex(_ names: LogNames, witnessed: Position) {
        var adopted: [(index: IndexFile, tie: IndexTie)] = []
        for position in names.indexFiles {
            let expected = adopted.last.map { $0.index.header.coverage.lastPosition + 1 } ?? 1
            if position.number < expected { continue }
            guard position.number == expected, let index = openIndex(position),
                adopted.last.map({ index.header.coverage.follows($0.index.header.coverage) })
                    ?? true,
                let tie = IndexTie(index, in: files)
            else { break }
            adopted.append((index, tie))
        }
        let durable = (files.map(\.header.durableUpTo) + adopted.map(\.tie.durableUpTo)).max()
        let certain = max(witnessed, durable ?? .start)
        adopted.removeAll { $0.tie.record.lastPosition > certain }
        guard let last = adopted.last else { return }
        adopt(
            LogIndex(
                origin: index.recent.origin,
                files: adopted.map(\.index),
                startAddress: index.recent.startAddress
            ),
            through: last.tie
        )
    }

    /// Opens the index file that begins with a position; nothing where it is none of this log.
    func openIndex(_ position: Position) -> IndexFile? {
        let path = directory.indexFile(position)
        guard let file = try? disk.open(path, writable: false), let size = try? file.size(),
            size >= IndexFormat.headerSize, let mapping = try? file.map(size: size)
        else { return nil }
        return try? IndexFile(
            mapping,
            firstPosition: position.number,
            origin: index.recent.origin
        )
    }

    /// Builds a damaged index file again, in memory.
    ///
    /// Where that has been done already, another file is at fault with which it does not agree.
    ///
    /// - Throws: ``StorageError`` where the log cannot be read, or contradicts itself.
    mutating func rebuild(_ damage: IndexDamage) throws(StorageError) {
        let damaged = index.files.firstIndex {
            $0.header.coverage.firstPosition == damage.firstPosition && !$0.isInMemory
        }
        guard let number = damaged ?? index.files.firstIndex(where: { !$0.isInMemory }) else {
            throw StorageError(
                .damaged,
                "the events of a stream do not follow each other; restore the log from a backup",
                location: directory.log
            )
        }
        index.replace(number..<number + 1, with: try build(index.files[number].header))
    }

    /// Makes an index file of a part of the log, in memory.
    private func build(_ header: IndexHeader) throws(StorageError) -> IndexFile {
        let coverage = header.coverage
        var recent = RecentIndex(
            origin: index.recent.origin,
            firstPosition: coverage.firstPosition,
            startAddress: coverage.startAddress
        )
        let start = try LogPlace(coverage.startAddress, in: files)
        var cursor = try EventCursor(
            files,
            from: start,
            position: Position(coverage.firstPosition)
        )
        let last = Position(coverage.lastPosition)
        _ = try cursor.forEachPlaced(through: last) { event, addresses in
            recent.add(event, address: addresses.slot, recordAddress: addresses.record)
            return .more
        }
        return recent.file(
            units: header.units,
            endAddress: coverage.endAddress,
            recordChecksum: coverage.recordChecksum
        )
    }
}

extension LogIndex {
    /// Makes an index file, in memory, of the events behind the last one.
    mutating func cut(endAddress: UInt64, recordChecksum: UInt64) {
        append(recent.file(units: 1, endAddress: endAddress, recordChecksum: recordChecksum))
    }
}

extension RecentIndex {
    /// An index file, in memory, of all its events.
    fileprivate func file(
        units: UInt32,
        endAddress: UInt64,
        recordChecksum: UInt64
    ) -> IndexFile {
        let bytes = IndexBytes()
        do {
            try encode(
                to: bytes,
                units: units,
                endAddress: endAddress,
                recordChecksum: recordChecksum
            )
            return try IndexFile(bytes, firstPosition: firstPosition, origin: origin)
        } catch {
            preconditionFailure("Memory takes an index as it was encoded.")
        }
    }
}
