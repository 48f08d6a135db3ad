import Disk
import EventLog
import EventModel
import EventStorage
import JSON
import YAML

extension Verb {
    static let initialize = Verb(
        "init",
        "Make a new, empty store",
        discussion: "The directory must not exist or must be empty. The name of the store is "
            + "that of the directory without the ending '.store'.",
        operands: [.store],
        options: [
            VerbOption("model", "FILE", "Put a copy of this domain model into the store."),
            .json,
        ],
        examples: [Example("init shop.store", "Make a store called shop.")],
        exitStatuses: [
            ExitStatusMeaning(.refused, "The directory exists and is not empty.")
        ],
        run: initializeStore
    )
}

@Sendable
private func initializeStore(_ context: VerbContext) throws -> ExitStatus {
    let directory = StoreDirectory(context.arguments.operand("STORE"))
    let disk = RealDisk()
    let model = try context.arguments.text("model").map { try readModel($0, disk: disk) }
    if disk.exists(directory.path), try !disk.names(in: directory.path).isEmpty {
        throw CommandFailure(
            .refused,
            "the directory \(directory.path) exists and is not empty; choose another"
        )
    }
    var generator = SystemRandomNumberGenerator()
    let id = EventID(time: EventLog.systemTime(), using: &generator)
    let store = try EventLog.create(directory, id: id)
    if let model {
        let file = try disk.create(directory.model, size: 0)
        try file.write(model.span.bytes, at: 0)
        try file.sync()
        try disk.syncDirectory(directory.path)
    }
    if context.printsJSON {
        try context.output.object { writer in
            writer.member("store", directory.path)
            writer.member("name", store.identity.name)
            writer.member("id", store.identity.id.description)
        }
    } else {
        try context.output.line("made store \(store.identity.name) in \(directory.path)")
    }
    return .done
}

/// The bytes of a model, of which it is known that they are YAML.
private func readModel(_ path: String, disk: RealDisk) throws -> [UInt8] {
    do {
        let file = try disk.open(path, writable: false)
        let bytes = try file.read(0..<file.size())
        _ = try YAMLNode(parsing: bytes)
        return bytes
    } catch let error as YAMLError {
        throw CommandFailure.usage("\(path): \(error)")
    } catch let error as DiskError {
        throw CommandFailure.usage("\(error.description); check the path of the model")
    }
}
