public import EventLog
import EventStorage
import Operations

/// What a verb works with.
public struct VerbContext {
    /// The arguments of the call.
    public let arguments: VerbArguments
    /// Where results go.
    public let output: CommandOutput
    /// Where messages and progress go.
    public let messages: CommandOutput
    /// The verbs of the program, this one among them.
    public let table: VerbTable

    /// Whether results are to be JSON.
    public var printsJSON: Bool { arguments.has(VerbOption.json.name) }

    /// Opens the store that the operand `STORE` names; for reading only where its groups have seen
    /// more than its log holds.
    ///
    /// - Throws: `StorageError` where there is none, or it cannot be read.
    public func openStore() throws -> EventLog {
        try EventLog.openHeld(StoreDirectory(arguments.operand(Operand.store.name)))
    }

    /// What the program has registered of a type, such as its domain; nothing where it has not.
    public func service<Service: Sendable>(_ type: Service.Type) -> Service? {
        table.services.first { $0 is Service } as? Service
    }
}
