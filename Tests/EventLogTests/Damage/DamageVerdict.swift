import Disk
import EventModel
import EventStorage
import RecountTesting

@testable import EventLog

/// What became of the page that processes share before a damaged store is opened.
enum PageCondition: CaseIterable {
    /// It is as it was.
    case kept
    /// It was deleted.
    case lost
    /// The machine was started since.
    case restarted
}

/// How a damaged store bears its damage.
enum DamageVerdict: Hashable {
    /// Every answer is right.
    case harmless
    /// Some or all questions are answered with errors that name the file, the others right.
    case found
    /// The end of the log was taken for a torn tail: kept aside, and every answer is right for the
    /// log up to there.
    case torn
}

/// A damaged store did what it must never do.
struct DamageFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

extension DamageStore {
    /// Opens the store with other bytes, asks it everything and holds the answers against those of
    /// the undamaged store.
    ///
    /// - Parameters:
    ///   - damaged: the files.
    ///   - condition: what became of the shared page.
    ///   - names: what errors must name, each at least one of these; nothing means that there must
    ///     be none.
    ///   - isBrief: whether only the most important questions are asked.
    /// - Returns: how the store bears it.
    /// - Throws: ``DamageFailure`` where an answer is wrong, or an error names something else.
    func verdict(
        on damaged: [String: [UInt8]],
        _ condition: PageCondition,
        errorsName names: [String],
        isBrief: Bool = false
    ) throws -> DamageVerdict {
        var files = damaged
        if condition == .lost { files[DamageStore.directory.sharedPage] = nil }
        let boot = DamageStore.bootIdentity + (condition == .restarted ? 1 : 0)
        let disk = MemoryDisk(files: files, bootIdentity: boot)
        let log: EventLog
        do throws(StorageError) {
            log = try EventLog.open(
                DamageStore.directory,
                disk: disk,
                upkeep: .never,
                now: TestClock().now
            )
        } catch {
            try check("\(error)", names: names)
            return .found
        }
        let head = try log.head()
        guard let right = answers[head] else { throw DamageFailure("a head of \(head)") }
        let found = StoreAnswers(
            of: log,
            repeating: isBrief ? [] : requests(through: head),
            isBrief: isBrief
        )
        guard found.areNeverWrong(right) else { throw DamageFailure("a wrong answer") }
        for error in found.errors { try check("\(error)", names: names) }
        if let reason = log.readOnlyReason {
            try check(reason, names: names)
            return .found
        }
        if head == self.head {
            if found.errors.isEmpty { return .harmless }
            guard case .failure = found.answers[0] else {
                throw DamageFailure("an event that cannot be read was left out")
            }
            return .found
        }
        try checkTornTail(behind: head, before: damaged, after: disk.files)
        return .torn
    }

    private func check(_ message: String, names: [String]) throws {
        guard names.contains(where: message.contains) else {
            throw DamageFailure("an error that names something else: \(message)")
        }
    }

    /// Sees to it that what was behind the end is kept aside, byte by byte.
    func checkTornTail(
        behind head: Position,
        before: [String: [UInt8]],
        after: [String: [UInt8]]
    ) throws {
        // A file whose header is whole stays, even where its first record is torn.
        let next = records.first { $0.header.firstPosition > head }
        let (number, end) = (next?.file ?? 0, next?.offset ?? LogFormat.fileHeaderSize)
        for (file, path) in logPaths.enumerated() where file >= number {
            let aside = after.first { $0.key.hasPrefix(path + ".torn-") }?.value
            let bytes = before[path] ?? []
            let isHeaderWhole = bytes.prefix(4096) == image[path]?.prefix(4096)
            if file > number || !isHeaderWhole {
                guard aside == bytes else { throw DamageFailure("\(path) is not kept aside") }
                continue
            }
            let used = Array(bytes[end..<max(end, (bytes.lastIndex { $0 != 0 } ?? 0) + 1)])
            let cleared = Array(bytes[..<end]) + [UInt8](repeating: 0, count: bytes.count - end)
            guard after[path] == cleared else { throw DamageFailure("\(path) is not cleared") }
            if used.isEmpty { continue }
            guard aside == used else { throw DamageFailure("the tail of \(path) is not kept") }
        }
    }
}

extension DamageStore {
    /// What must become of one changed byte of a log file, as the page "The format of the log"
    /// promises.
    func expectedVerdict(
        byte offset: Int,
        ofFile file: Int,
        _ condition: PageCondition
    ) -> DamageVerdict {
        if offset < LogFormat.fileHeaderSize { return .found }
        guard let record = record(at: offset, ofFile: file) else { return .harmless }
        guard record.checked.contains(offset) else { return .harmless }
        let isHeaderDamaged = record.headerRange.contains(offset)
        let others = records.filter { $0.offset != record.offset || $0.file != record.file }
        let headers = isHeaderDamaged ? others : records
        let vouched =
            headers.map(\.header.durableUpTo) + files.map(\.header.durableUpTo)
            + [witnessed(condition)]
        return vouched.contains { $0 >= record.header.firstPosition } ? .found : .torn
    }

    /// The last position that the page vouches for.
    func witnessed(_ condition: PageCondition) -> Position {
        switch condition {
        case .kept: head
        case .lost: .start
        case .restarted: synced
        }
    }
}
