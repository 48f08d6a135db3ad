public import Aggregates
import EventModel
public import EventStorage
public import OperationsModel
import SQLiteDatabase

extension OperationsError {
    /// What an operator is told of a failed storage.
    public init(_ error: StorageError) {
        let code: Code =
            switch error.code {
            case .notAStore: .notFound
            case .stopped, .unsafePermissions, .aheadOfHistory: .refused
            case .inputOutput, .full, .damaged, .formatUnknown: .storage
            }
        self.init(code, error.description)
    }

    /// What an operator is told of an append that did not happen.
    public init(_ error: AppendError) {
        switch error {
        case .refused(let refusal): self.init(.refused, refusal.description)
        case .failed(let error): self.init(error)
        }
    }

    /// What an operator is told of a state that cannot be folded.
    public init(_ error: FoldError) {
        switch error {
        case .storage(let error): self.init(error)
        case .event, .rules: self.init(.finding, error.description)
        }
    }

    /// What an operator is told of a table that a group does not have, though others.
    static func missing(
        table: String,
        of group: String,
        among names: [String]
    ) -> OperationsError {
        let list = names.joined(separator: ", ")
        return OperationsError(
            .notFound,
            "the group \(group) has no table \(table); "
                + (list.isEmpty ? "it has none" : "there are \(list)")
        )
    }

    /// What an operator is told of rows that know events which the log does not hold.
    static func aheadOfLog(_ position: Position, head: Position) -> OperationsError {
        OperationsError(
            .refused,
            "the rows are at position \(position), ahead of the log, which ends at \(head)"
        )
    }

    /// Runs a body whose errors become those an operator is told.
    static func telling<Result>(_ body: () throws -> Result) throws(OperationsError) -> Result {
        do {
            return try body()
        } catch let error as OperationsError {
            throw error
        } catch let error as StorageError {
            throw OperationsError(error)
        } catch let error as AppendError {
            throw OperationsError(error)
        } catch let error as FoldError {
            throw OperationsError(error)
        } catch {
            throw OperationsError(.storage, String(describing: error))
        }
    }
}
