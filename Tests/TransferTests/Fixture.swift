import CZlib
import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import Operations
import RecountTesting
import Testing

/// A directory with a store, and files beside it.
struct Fixture {
    let directory = TemporaryDirectory()
    let store: EventLog

    init() throws {
        store = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 8 << 20)
        )
    }

    /// Makes a file and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = directory.path + "/" + name
        try RealDisk().create(path, size: 0).write(bytes.span.bytes, at: 0)
        return path
    }

    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    func importing(
        _ paths: String...,
        onError policy: ImportErrorPolicy = .stop
    ) throws(ImportError) -> ImportResult {
        try EventImporter(into: store, onError: policy).run(paths.map(ImportSource.file))
    }

    func importing(text: String) throws -> ImportResult {
        try importing(file("lines\(try store.head()).ndjson", text))
    }

    /// What an export of a store writes.
    func exported(
        _ store: (any EventStore)? = nil,
        _ selection: EventSelection = EventSelection(),
        includesSystemStreams: Bool = false
    ) throws -> [UInt8] {
        let path = directory.path + "/exported.ndjson"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        _ = try EventExporter(store ?? self.store).write(
            selection,
            includesSystemStreams: includesSystemStreams,
            to: descriptor
        )
        return try content(path)
    }

    func exportedText(_ store: (any EventStore)? = nil) throws -> String {
        String(decoding: try exported(store), as: UTF8.self)
    }

    func content(_ path: String) throws -> [UInt8] {
        let file = try RealDisk().open(path, writable: false)
        return try file.read(0..<file.size())
    }

    func text(_ path: String) throws -> String {
        String(decoding: try content(path), as: UTF8.self)
    }
}

/// The bytes of a gzip file without compression.
func decompressed(gzip path: String) throws -> [UInt8] {
    let file = try #require(gzopen(path, "rb"))
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = gzread(file, &buffer, UInt32(buffer.count)), count > 0 {
        bytes += buffer[..<Int(count)]
    }
    return bytes
}

/// The bytes as one member of a gzip file.
func compressed(gzip bytes: [UInt8], at path: String) throws {
    let file = try #require(gzopen(path, "wb"))
    let count = gzwrite(file, bytes, UInt32(bytes.count))
    #expect(Int(count) == bytes.count)
    gzclose(file)
}

/// A line with a CloudEvent, with other members in place of the usual ones.
func line(
    id: String = "1",
    subject: String = "cart-1",
    more: String = "",
    data: String = #""data":{"a":1}"#
) -> String {
    #"{"specversion":"1.0","id":"\#(id)","source":"urn:test","type":"Tested","#
        + #""subject":"\#(subject)","time":"2026-11-20T03:47:00Z","#
        + #""datacontenttype":"application/json"\#(more),\#(data)}"# + "\n"
}
