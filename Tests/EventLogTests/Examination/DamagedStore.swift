import Disk
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Testing

@testable import EventLog

/// A store in a directory of its own, to be damaged and examined.
struct DamagedStore {
    let directory = TemporaryDirectory()
    var places: StoreDirectory { StoreDirectory(directory.path + "/test.store") }
    let disk = RealDisk()

    /// Makes a store with records of three events each, alternating between two streams.
    init(records: Int = 4, fileSize: Int = 1 << 20) throws {
        try EventLog.make(
            places,
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: fileSize),
            disk: disk,
            now: EventLog.systemTime
        )
        let log = try open()
        for number in 0..<UInt64(records) {
            let stream = "cart-\(number % 2)"
            _ = try log.append(TestEvents.request(3, to: stream, from: number * 3))
        }
    }

    /// Opens the store so that upkeep is done when an append has ended.
    func open() throws -> EventLog {
        try EventLog.open(places, disk: disk, upkeep: .inline, now: EventLog.systemTime)
    }

    /// The paths of the log files, in their order.
    var files: [String] {
        get throws {
            try disk.names(in: places.log).filter { $0.hasSuffix(".log") }.map(places.logFile)
        }
    }

    /// The paths of the index files, in their order.
    var indexes: [String] {
        get throws {
            try disk.names(in: places.log).filter { $0.hasSuffix(".index") }.map(places.logFile)
        }
    }

    /// Where the records of a file lie, and their headers.
    func records(of file: Int = 0) throws -> [(bytes: Range<Int>, header: RecordHeader)] {
        let examined = try examined(file)
        var records: [(bytes: Range<Int>, header: RecordHeader)] = []
        var offset = LogFormat.fileHeaderSize
        while let (header, _) = examined.record(at: offset) {
            records.append((offset..<offset + header.length, header))
            offset += header.length
        }
        return records
    }

    private func examined(_ file: Int) throws -> ExaminedFile {
        let name = try files[file].split(separator: "/").last.map(String.init) ?? ""
        return try ExaminedFile(
            try #require(LogFile.firstPosition(ofName: name)),
            in: places,
            disk: disk
        )
    }

    /// Where the events of a record lie.
    func events(ofRecord number: Int, of file: Int = 0) throws -> [Range<Int>] {
        let record = try records(of: file)[number]
        let end = record.bytes.lowerBound + 80 + record.header.bodySize
        return WholeEvents(
            in: try examined(file),
            recordAt: record.bytes.lowerBound,
            end: end
        )
        .slots.map(\.bytes)
    }

    /// The bytes of a file.
    func bytes(of path: String) throws -> [UInt8] {
        let file = try disk.open(path, writable: false)
        let size = try file.size()
        return try file.read(0..<size)
    }

    /// Changes one bit of a file, whatever its permissions.
    func flip(_ path: String, _ offset: Int) throws {
        let file = try writable(path)
        let byte = try file.read(offset..<offset + 1)[0]
        try file.write([byte ^ 1].span.bytes, at: offset)
    }

    /// Writes bytes over those of a file.
    func overwrite(_ path: String, _ offset: Int, _ bytes: [UInt8]) throws {
        try writable(path).write(bytes.span.bytes, at: offset)
    }

    /// Gives a record's header other fields and a checksum that fits.
    func rewrite(
        record number: Int,
        of file: Int = 0,
        _ change: (inout RecordHeader) -> Void
    ) throws {
        var (bytes, header) = try records(of: file)[number]
        change(&header)
        var encoded = [UInt8](repeating: 0, count: 80)
        header.write(
            to: &encoded,
            seed: LogFormat.seed(file: try examined(file).checksum, offset: bytes.lowerBound)
        )
        try overwrite(files[file], bytes.lowerBound, encoded)
    }

    private func writable(_ path: String) throws -> any DiskFile {
        let permissions = try disk.status(path).permissions
        chmod(path, 0o600)
        defer { chmod(path, mode_t(permissions)) }
        return try disk.open(path, writable: true)
    }

    /// What an examination finds.
    func examine(_ depth: LogExaminationDepth = .full) throws -> [LogFinding] {
        try EventLog.examine(places, depth: depth).findings
    }

    /// What an examination finds of all kinds but one.
    func examine(without kind: LogFinding.Kind) throws -> [LogFinding] {
        try examine().filter { $0.kind != kind }
    }
}

extension ClosedRange<Position> {
    /// Positions by their numbers.
    init(_ numbers: ClosedRange<UInt64>) {
        self = Position(numbers.lowerBound)...Position(numbers.upperBound)
    }
}
