import Disk
import EventModel
import EventStorage

@testable import EventLog

/// A store with one log file whose bytes somebody made up.
enum HostileLog {
    private static let directory = StoreDirectory("/stores/test.store")
    private static let events = EventSelection()

    /// The disk with an empty store.
    private static let empty = disk(appending: [])
    /// The disk with a store of a few events.
    private static let filled = disk(appending: requests)

    private static let requests = (0..<3).map { number -> AppendRequest in
        let events = (0...number).map { place in
            PendingEvent(
                id: EventID(high: UInt64(number), low: UInt64(place)),
                type: EventType("Made"),
                tags: [EventTag(key: "customer", value: "7")],
                payload: Array("{}".utf8)
            )
        }
        return AppendRequest(events, to: StreamName("cart-\(number)"))
    }

    private static func disk(appending requests: [AppendRequest]) -> SimulatedTree {
        let machine = SimulatedMachine(seed: 1)
        do {
            let disk = machine.startProcess()
            try disk.createDirectory(directory.parent)
            let log = try EventLog.create(
                directory,
                id: EventID(high: 1, low: 2),
                options: LogOptions(testing: 8 << 10),
                disk: disk,
                now: { Timestamp(microseconds: 1_000) }
            )
            for request in requests { _ = try log.append(request) }
        } catch {
            preconditionFailure("A disk in memory takes a store: \(error)")
        }
        return machine.image.tree
    }

    /// Opens a log whose file is some bytes behind its header.
    static func open(behindHeader bytes: [UInt8]) {
        let rest = Array(bytes.prefix(4096))
        read(empty) { file in try file.write(rest.span.bytes, at: 4096) }
    }

    /// Opens a log whose only record is some bytes, with checksums that fit.
    static func open(record bytes: [UInt8]) {
        guard bytes.count > LogFormat.recordHeaderSize, bytes.count <= 4096 else { return }
        read(empty) { file in
            let header = try file.read(0..<LogFormat.fileHeaderSize)
            let checksum = LogFileHeader.checksum(of: header.span.bytes)
            try file.write(sealed(bytes, file: checksum).span.bytes, at: LogFormat.fileHeaderSize)
        }
    }

    /// Opens a log whose shared page is some bytes.
    static func open(page bytes: [UInt8]) {
        let disk = SimulatedMachine(restarting: filled, seed: 1).startProcess()
        do {
            let page = try disk.share(directory.sharedPage, writable: true)
            for index in 0..<min(bytes.count / 8, SharedPageWord.count) {
                let word = bytes.span.bytes.unsafeLoadUnaligned(
                    fromByteOffset: index * 8,
                    as: UInt64.self
                )
                page.store(SharedPageWord(index), word == .max ? disk.bootIdentity : word)
            }
            let log = try EventLog.open(directory, disk: disk, upkeep: .never, now: now)
            let count = try log.events(events).count
            precondition(count == 6, "The page hides no event.")
            _ = try? log.append(
                AppendRequest(requests[0].entries.map(\.event), to: StreamName("a"))
            )
        } catch {
            preconditionFailure("Whatever the page says, the log can be read: \(error)")
        }
    }

    private static let now: TimeSource = { Timestamp(microseconds: 2_000) }

    /// Opens and reads a log that was changed.
    private static func read(
        _ tree: SimulatedTree,
        _ change: (any DiskFile) throws -> Void
    ) {
        let disk = SimulatedMachine(restarting: tree, seed: 1).startProcess()
        let name = LogFile.name(firstPosition: Position.start.next)
        do {
            try change(try disk.open(directory.logFile(name), writable: true))
            let log = try EventLog.open(directory, disk: disk, upkeep: .inline, now: now)
            let count = try log.events(events).count
            let head = try log.head()
            precondition(UInt64(count) == head.number, "A log shows what it counts.")
            let streams = try log.streams(StreamsRequest())
            for stream in streams {
                let selection = EventSelection(.stream(stream.stream), direction: .backwards)
                _ = try log.events(selection)
            }
            _ = try log.census()
        } catch let error as StorageError {
            precondition(error.isDamage, "What cannot be read is damaged: \(error)")
        } catch {
            preconditionFailure("Opening a log throws only its own error: \(error)")
        }
    }

    /// A record with its size and its checksums.
    private static func sealed(_ bytes: [UInt8], file: UInt64) -> [UInt8] {
        var record = bytes
        let start = LogFormat.fileHeaderSize
        let size = LogFormat.recordHeaderSize
        var offset = size
        while let length = slotLength(record, at: offset) {
            let checksum = EventSlot.checksum(
                of: record.span.bytes.extracting(offset + EventSlot.checksumSize..<offset + length),
                at: start + offset,
                file: file
            )
            record.replace(littleEndian: checksum, at: offset)
            offset += length
        }
        let seed = LogFormat.seed(file: file, offset: start)
        let body = LogFormat.checksum(record.span.bytes.extracting(size..<record.count), seed: seed)
        record.replace(littleEndian: LogFormat.recordMagic, at: 8)
        record.replace(littleEndian: UInt32(record.count - size), at: 12)
        record.replace(littleEndian: body, at: 56)
        let header = LogFormat.checksum(record.span.bytes.extracting(8..<size), seed: seed)
        record.replace(littleEndian: header, at: 0)
        return record
    }

    /// The bytes of the slot at an offset; nothing where there is none that could be.
    private static func slotLength(_ record: [UInt8], at offset: Int) -> Int? {
        guard offset < record.count else { return nil }
        var reader = EncodingReader(record.span.bytes.extracting(offset..<record.count))
        do {
            try reader.skip(EventSlot.checksumSize)
            _ = try reader.variable()
            _ = try reader.variable()
            guard try !reader.counted().isEmpty else { return nil }
            return record.count - offset - reader.rest.byteCount
        } catch {
            return nil
        }
    }

    /// A record as the log writes it.
    static var record: [UInt8] {
        let disk = SimulatedMachine(restarting: filled, seed: 1).startProcess()
        let name = LogFile.name(firstPosition: Position.start.next)
        let file = try? LogFile.open(directory.logFile(name), expecting: nil, disk: disk)
        guard let file, let first = file.record(at: LogFormat.fileHeaderSize) else { return [] }
        let start = LogFormat.fileHeaderSize
        let size = LogFormat.recordHeaderSize + first.header.bodySize
        return file.bytes.extracting(start..<start + size).bytes
    }
}
