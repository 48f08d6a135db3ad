import EventLog
import Operations
import OperationsModel

extension VerbContext {
    /// Opens the store that the operand `STORE` names, with what the program knows of its domain.
    ///
    /// - Throws: `StorageError` where there is no store.
    func openOperations() throws -> StoreOperations {
        StoreOperations(log: try openStore(), domain: service(Domain.self) ?? Domain())
    }
}
