import Disk
import EventModel
import EventStorage
import Synchronization

extension EventLog {
    /// Takes in what a writer that died left behind, and clears away what it began.
    ///
    /// The caller holds the store's lock, so that nobody is writing. The tail is doubtful after
    /// the death of a writer or of the machine: bytes may follow the last whole record.
    func bringInOrder(
        _ writer: inout LogWriter,
        checkingTail isTailDoubtful: Bool
    ) throws {
        let published = publishedHead
        let names = try disk.names(in: directory.log)
        let lastFirst = names.compactMap(LogFile.firstPosition).max() ?? Position.start.next
        try state.withLock { state in
            try state.catchUp(to: published)
            guard state.damage == nil else { return }
            try state.catchUpToEnd()
            if state.damage == nil, state.lastFile.header.firstPosition < lastFirst {
                state.setDamage(state.missing(through: Position(lastFirst.number - 1)))
            }
        }
        let (head, file, end) = state.withLock { ($0.head, $0.lastFile, $0.end) }
        if isDamaged { return }
        if isTailDoubtful || page.load(.isWriting) == 1 || head > published {
            try clearTail(of: file, from: end, with: &writer)
            if isDamaged { return }
        }
        if page.load(.isStopped) == 1 { try rewriteUnsynced(of: file, to: end, with: &writer) }
        if isTailDoubtful || page.load(.isWriting) == 1 || page.load(.synced) < head.number {
            try sync(file, with: &writer)
        }
        page.store(.isStopped, 0)
        page.store(.synced, head.number)
        publish(head)
        // Last, so that whoever dies before it leaves a page that is not believed.
        page.store(.boot, disk.bootIdentity)
    }

    /// Writes again what was written since the last sync that went well.
    ///
    /// After a failed sync the operating system may hold bytes in memory that it takes for written;
    /// only bytes written anew are certain to be part of the next sync.
    private func rewriteUnsynced(
        of file: LogFile,
        to end: Int,
        with writer: inout LogWriter
    ) throws {
        let first = Position(page.load(.synced)).next
        let start = state.withLock { state in
            guard first <= state.head else { return end }
            let (holder, record, _) = state.location(of: first)
            return holder === file ? record.offset : LogFormat.fileHeaderSize
        }
        let tail = try tail(file, of: &writer)
        for offset in stride(from: start, to: end, by: 1 << 20) {
            let bytes = file.bytes.extracting(offset..<min(offset + (1 << 20), end)).bytes
            try tail.write(bytes.span.bytes, at: offset)
        }
    }

    private var isDamaged: Bool { state.withLock { $0.damage != nil } }

    /// The last position that the page vouches for: after a start of the machine only what was
    /// synced, since what was merely written may have gone with it.
    private var publishedHead: Position {
        let isSameBoot = page.load(.boot) == disk.bootIdentity
        return Position(page.load(isSameBoot ? .head : .synced))
    }

    /// Overwrites with zeros what follows the last whole record, after copying it aside.
    private func clearTail(
        of file: LogFile,
        from end: Int,
        with writer: inout LogWriter
    ) throws {
        let rest = file.bytes.extracting(end..<file.size)
        let used = rest.withUnsafeBytes { $0.lastIndex { $0 != 0 } }
        guard let used else { return }
        if let later = laterRecord(of: file, from: end) {
            let error = StorageError(
                .damaged,
                "the log is damaged before its end; restore it from a backup",
                location: "\(file.path), bytes \(end) to \(later)"
            )
            state.withLock { $0.setDamage(error) }
            return
        }
        let torn = rest.extracting(first: used + 1)
        let copy = file.path + ".torn-\(now().microseconds)"
        let target = try disk.create(copy, size: torn.byteCount)
        try target.write(torn, at: 0)
        try target.sync()
        let zeros = [UInt8](repeating: 0, count: torn.byteCount)
        try tail(file, of: &writer).write(zeros.span.bytes, at: end)
    }

    /// The offset of an undamaged record that vouches for one at a place where none begins; nothing
    /// where the rest of the file is only the torn end of what was never synced.
    private func laterRecord(of file: LogFile, from end: Int) -> Int? {
        let lost = state.withLock { $0.head.next }
        var offset = end + LogFormat.alignment
        while offset + LogFormat.recordHeaderSize <= file.size {
            let seed = RecordHeader.seed(file: file.checksum, offset: offset)
            if let (header, _) = RecordHeader.read(at: offset, of: file.bytes, seed: seed),
                header.durableUpTo >= lost
            {
                return offset
            }
            offset += LogFormat.alignment
        }
        return nil
    }
}
