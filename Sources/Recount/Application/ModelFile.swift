import Disk
import DomainModel
import EventLog
import ReadModels
import Synchronization

/// A model in a file, such as a store's `recount.yaml`, read again when the file has changed.
final class ModelFile: Sendable {
    private let path: String
    private let disk: any Disk
    private let last = Mutex<Reading?>(nil)

    private struct Reading {
        var bytes: [UInt8]
        var model: DomainModel
    }

    convenience init(of directory: StoreDirectory, disk: any Disk) {
        self.init(path: directory.model, disk: disk)
    }

    init(path: String, disk: any Disk) {
        self.path = path
        self.disk = disk
    }

    /// The model as the file says now; nothing where there is no file.
    ///
    /// - Throws: an error that names file, line and column where the file cannot be used.
    func model() throws -> DomainModel? {
        guard disk.exists(path) else { return nil }
        let file = try disk.open(path, writable: false)
        let bytes = try file.read(0..<min(file.size(), ModelFile.sizeMax))
        return try last.withLock { last in
            if let last, last.bytes == bytes { return last.model }
            let model = try DomainModel(parsing: bytes, file: path)
            last = Reading(bytes: bytes, model: model)
            return model
        }
    }

    /// The projection with a name as the file says now.
    func projection(named name: String) throws -> any Projection {
        guard let projection = try model()?.projection(named: name) else {
            throw ProjectionMissing(name: name, file: path)
        }
        return projection
    }

    /// The largest file that is read, in bytes; a longer one is cut and does not parse.
    private static let sizeMax = 4 << 20
}

/// A projection that was in the model file and is not any more.
private struct ProjectionMissing: Error, CustomStringConvertible {
    let name: String
    let file: String

    var description: String {
        "\(file) no longer defines the projection \(name); put it back, or start the host again"
    }
}
