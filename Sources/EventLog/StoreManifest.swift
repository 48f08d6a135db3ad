import Disk
import EventModel
import EventStorage
import JSON

/// What `store.json` holds: which store this is.
struct StoreManifest: Hashable, Sendable {
    var identity: StoreIdentity
    var logFileSize: Int
    var payloadSizeMax: Int

    init(identity: StoreIdentity, options: LogOptions) {
        self.identity = identity
        logFileSize = options.fileSize
        payloadSizeMax = options.payloadSizeMax
    }

    /// The manifest as JSON on one line.
    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("format", Int64(LogFormat.version))
        writer.member("id", identity.id.description)
        writer.member("incarnation", Int64(identity.incarnation))
        writer.member("name", identity.name)
        writer.member("logFileSize", Int64(logFileSize))
        writer.member("payloadSizeMax", Int64(payloadSizeMax))
        writer.endObject()
        writer.lineBreak()
        return writer.finish()
    }

    /// Reads the manifest of a store.
    static func read(
        _ directory: StoreDirectory,
        disk: any Disk
    ) throws(StorageError) -> StoreManifest {
        guard disk.exists(directory.manifest) else {
            throw StorageError(
                .notAStore,
                "there is no store here; make one with 'recount init'",
                location: directory.path
            )
        }
        let bytes: [UInt8]
        do {
            let file = try disk.open(directory.manifest, writable: false)
            bytes = try file.read(0..<min(file.size(), 1 << 16))
        } catch {
            throw StorageError(error)
        }
        return try StoreManifest(bytes, path: directory.manifest)
    }

    /// Writes the manifest under a temporary name and gives it its own.
    func write(_ directory: StoreDirectory, disk: any Disk) throws(DiskError) {
        let temporary = directory.manifest + ".new"
        try disk.removeIfPresent(temporary)
        let bytes = encoded
        let file = try disk.create(temporary, size: bytes.count)
        try file.write(bytes.span.bytes, at: 0)
        try file.sync()
        try disk.rename(temporary, to: directory.manifest)
        try disk.syncDirectory(directory.path)
    }
}

extension StoreManifest {
    init(_ bytes: [UInt8], path: String) throws(StorageError) {
        let damaged = StorageError(
            .damaged,
            "the file does not say which store this is; restore it from a backup",
            location: path
        )
        guard let json = try? JSONValue(parsing: bytes), let format = json["format"]?.integer else {
            throw damaged
        }
        guard format == Int64(LogFormat.version) else {
            throw StorageError(
                .formatUnknown,
                "this program does not know store format \(format); use the recount that wrote it",
                location: path
            )
        }
        guard let id = json["id"]?.string.flatMap(EventID.init),
            let incarnation = json["incarnation"]?.integer.flatMap(UInt32.init(exactly:)),
            let name = json["name"]?.string,
            let fileSize = json["logFileSize"]?.integer.map(Int.init),
            LogOptions.fileSizesReadable.contains(fileSize),
            let payloadSize = json["payloadSizeMax"]?.integer.map(Int.init),
            (1...StoreLimits.payloadSizeLimit).contains(payloadSize)
        else { throw damaged }
        identity = StoreIdentity(id: id, incarnation: incarnation, name: name)
        logFileSize = fileSize
        payloadSizeMax = payloadSize
    }
}
