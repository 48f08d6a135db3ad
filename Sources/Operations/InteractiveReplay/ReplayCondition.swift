import OperationsModel
import SQLiteDatabase

/// A question to the tables of a scratch copy that is asked after every event.
final class ReplayCondition {
    private static let restrictions = SQLiteRestrictions(
        timeLimitMilliseconds: nil,
        lengthMax: QueryConnection.valueSizeMax
    )

    private let database: SQLiteConnection
    private let statement: SQLiteStatement

    /// Compiles one statement that gives a value.
    init(_ sql: String, on database: SQLiteConnection) throws(OperationsError) {
        self.database = database
        statement = try OperationsError.tellingQuery {
            try database.reading(heldTo: ReplayCondition.restrictions) {
                try database.prepare(sql)
            }
        }
        guard statement.columnCount > 0 else {
            throw OperationsError(.invalid, "a condition must give a value; it is '\(sql)'")
        }
    }

    /// Whether the first value of the first row is neither 0 nor `NULL`.
    func isTrue(unless isGivenUp: @escaping () -> Bool) throws(OperationsError) -> Bool {
        try OperationsError.tellingQuery {
            try database.reading(
                heldTo: ReplayCondition.restrictions,
                hardens: false,
                unless: isGivenUp
            ) {
                defer { statement.reset() }
                guard try statement.step() else { return false }
                return statement.double(at: 0) != 0
            }
        }
    }
}

extension OperationsError {
    /// Runs a query on a scratch copy, whose errors become those an operator is told.
    static func tellingQuery<Result>(
        _ body: () throws -> Result
    ) throws(OperationsError) -> Result {
        try telling {
            do {
                return try body()
            } catch let error as SQLiteError {
                throw QueryFailure(error, isInterrupted: true, timeLimitMilliseconds: nil)
                    .operationsError
            }
        }
    }
}
