import Disk
import EventModel
import EventStorage

extension LogExamination {
    /// Looks at the records of all files.
    mutating func examineRecords() {
        let total = files.reduce(0) { $0 + $1.size }
        if marks.keys.contains(UInt64(LogFormat.fileHeaderSize)) {
            marks[UInt64(LogFormat.fileHeaderSize)] = LogMark()
        }
        var mark = LogMark()
        for (number, file) in files.enumerated() {
            let following = number + 1 < files.count ? files[number + 1] : nil
            examineStart(of: file)
            examineRecords(
                of: file,
                number: file.header.map { Int($0.number) } ?? number,
                before: following,
                total: total,
                &mark
            )
        }
    }

    /// Looks at how a file goes on where the one before ended.
    private mutating func examineStart(of file: ExaminedFile) {
        if file.namedPosition > chain.head.next {
            skip(
                .fileMissing,
                through: Position(file.namedPosition.number - 1),
                directory.logFile(LogFile.name(firstPosition: chain.head.next)),
                nil,
                "the log file is not there, and with it"
            )
        }
        guard let header = file.header else { return }
        if let checksum = chain.checksum, header.predecessor != checksum,
            file.namedPosition == chain.head.next
        {
            note(
                .fileForeign,
                file.path,
                bytes: 0..<LogFormat.fileHeaderSize,
                "the file was begun behind another record than the last one before it"
            )
        }
        chain.take(header)
    }

    private mutating func examineRecords(
        of file: ExaminedFile,
        number: Int,
        before following: ExaminedFile?,
        total: Int,
        _ mark: inout LogMark
    ) {
        let start = doneCount
        let address = UInt64(number) * UInt64(manifest?.logFileSize ?? file.size)
        var offset = LogFormat.fileHeaderSize
        while true {
            if let (header, checksum) = file.record(at: offset),
                following != nil || header.firstPosition <= vouched
                    || header.isOfBody(in: file.bytes, at: offset, file: file.checksum)
            {
                examine(header, checksum, at: offset, of: file, address: address, &mark)
                offset += header.length
                mark.checksum = checksum
                mark.lastPosition = chain.head
                let end = address + UInt64(offset)
                if marks.keys.contains(end) { marks[end] = mark }
            } else if let next = placeBehindDamage(at: offset, of: file, before: following) {
                if next > offset { mark.gapCount += 1 }
                offset = next
            } else {
                break
            }
            if start + offset - doneCount >= 1 << 20 {
                doneCount = start + offset
                progress(doneCount, total)
            }
        }
        examineEnd(of: file, at: offset, before: following)
        endOffset = offset
        doneCount = start + file.size
        progress(doneCount, total)
    }

    /// Looks at bytes where a record should be and is not.
    ///
    /// - Returns: where the next record begins; nothing where there is none in this file. It is the
    ///   same place where somebody has written the record in the meantime.
    private mutating func placeBehindDamage(
        at offset: Int,
        of file: ExaminedFile,
        before following: ExaminedFile?
    ) -> Int? {
        guard !file.used(from: offset).isEmpty,
            let next = file.nextRecord(
                from: offset + LogFormat.alignment,
                position: chain.head.next
            ),
            let (header, _) = file.record(at: next),
            following != nil || max(vouched, header.durableUpTo) > chain.head
        else { return nil }
        // Whoever wrote the next record had written this one before.
        if following == nil, holdsRecord(file, at: offset) { return offset }
        let last = Position(header.firstPosition.number - 1)
        if last > chain.head {
            let whole = WholeEvents(in: file, recordAt: offset, end: next).slots.count
            skip(
                .recordDamaged,
                through: last,
                file.path,
                offset..<next,
                "no undamaged header of a record stands before these bytes, in which at least "
                    + "\(whole) events are whole; they held"
            )
        } else {
            note(
                .bytesBehindRecords,
                file.path,
                bytes: offset..<next,
                "between two records are other bytes"
            )
        }
        return next
    }

    /// Looks at what follows the last record of a file.
    private mutating func examineEnd(
        of file: ExaminedFile,
        at offset: Int,
        before following: ExaminedFile?
    ) {
        let used = file.used(from: offset)
        let expected = expectedEnd(of: file, before: following)
        if expected > chain.head {
            let whole = WholeEvents(in: file, recordAt: offset, end: used.upperBound).slots.count
            skip(
                used.isEmpty ? .positionsMissing : .recordDamaged,
                through: expected,
                file.path,
                used.isEmpty ? offset..<max(offset, file.size) : used,
                used.isEmpty
                    ? "there are only zeros in place of"
                    : "no undamaged header of a record stands before these bytes, in which at "
                        + "least \(whole) events are whole; they held"
            )
        } else if !used.isEmpty, !isBeingWritten(file, at: offset) {
            note(
                .bytesBehindRecords,
                file.path,
                bytes: used,
                "behind the last record, of position \(chain.head), are other bytes, which nothing vouches for"
            )
        }
    }

    /// The last position that a file has to hold, as far as that is known; a file that is missing
    /// behind it may have held the rest.
    private func expectedEnd(of file: ExaminedFile, before following: ExaminedFile?) -> Position {
        guard let following else { return vouched }
        if let number = file.header?.number, let next = following.header?.number,
            next > number + 1
        {
            return chain.head
        }
        return Position(max(following.namedPosition.number, 1) - 1)
    }

    /// Whether somebody may be writing a record at the end of a file, or has just done so.
    private func isBeingWritten(_ file: ExaminedFile, at offset: Int) -> Bool {
        guard let page else { return false }
        let head = page.load(.head)
        let isLocked = (try? page.isLocked()) ?? false
        return isLocked || holdsRecord(file, at: offset) || page.load(.head) != head
    }

    private func holdsRecord(_ file: ExaminedFile, at offset: Int) -> Bool {
        guard let (header, _) = file.record(at: offset) else { return false }
        return header.isOfBody(in: file.bytes, at: offset, file: file.checksum)
    }

    /// The last position that is known to have been acknowledged or synced.
    var vouched: Position { max(chain.durableUpTo, witnessed) }

    /// Remembers that positions up to one cannot be read.
    mutating func skip(
        _ kind: LogFinding.Kind,
        through last: Position,
        _ file: String,
        _ bytes: Range<Int>?,
        _ summary: String
    ) {
        let positions = chain.head.next...last
        note(kind, file, bytes: bytes, positions: positions, "\(summary) \(positions.words)")
        chain.skip(through: last)
        ledger.noteGap()
    }
}

extension ClosedRange<Position> {
    /// One position or a range of them, in words.
    var words: String {
        lowerBound == upperBound
            ? "position \(lowerBound)" : "positions \(lowerBound) to \(upperBound)"
    }
}
