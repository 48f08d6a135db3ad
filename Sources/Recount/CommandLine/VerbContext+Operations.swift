import EventLog
import Operations
import OperationsModel

extension VerbContext {
    /// Opens the store that the operand `STORE` names, with what the program knows of its domain.
    ///
    /// - Throws: `StorageError` where there is no store, and what the domain's file has wrong.
    func openOperations() throws -> StoreOperations {
        let log = try openStore()
        let application = service(Application.self) ?? Application()
        return StoreOperations(log: log, domain: try application.domain(of: log.directory))
    }
}
