import OperationsModel
import SQLiteDatabase

/// A query that failed, and what is known about why.
struct QueryFailure {
    private let error: SQLiteError
    private let session: QuerySession
    private let schemas: GroupSchemas?
    private let limits: QueryLimits

    init(
        _ error: SQLiteError,
        session: QuerySession,
        schemas: GroupSchemas?,
        limits: QueryLimits
    ) {
        self.error = error
        self.session = session
        self.schemas = schemas
        self.limits = limits
    }

    /// What an operator is told.
    var operationsError: OperationsError {
        if let failure = session.failure { return failure }
        if let reason = schemas?.reason(for: error) { return OperationsError(.notFound, reason) }
        switch error.code.primary {
        case .interrupted:
            return OperationsError(.refused, interruption)
        case .notAllowed, .readOnly,
            // What SQLite says of writing to a virtual table.
            .error where error.message.hasSuffix("may not be modified"):
            return OperationsError(.refused, "\(place)\(error.message); a query only reads")
        case .error, .misuse, .tooBig, .range, .constraint:
            return OperationsError(.invalid, "\(place)\(error.message)\(event)")
        case .busy:
            return OperationsError(.refused, error.description)
        default:
            return OperationsError(.storage, error.description)
        }
    }

    private var interruption: String {
        guard !session.isInterrupted, let limit = limits.timeMilliseconds else {
            return "the query was interrupted"
        }
        let time = limit % 1000 == 0 ? "\(limit / 1000) s" : "\(limit) ms"
        return "the query ran longer than \(time) and was stopped; "
            + "narrow it down, or give it more time with --time-limit"
    }

    /// The event whose JSON it failed at, behind the message; empty where it is another failure.
    private var event: String {
        guard error.message == "malformed JSON", let position = session.readPosition else {
            return ""
        }
        return " in the event at position \(position); json_valid tells which ones are well-formed"
    }

    /// Where in the SQL it failed, before the message; empty where that is unknown.
    private var place: String {
        guard let sql = error.sql, let offset = error.byteOffset else { return "" }
        let before = sql.utf8.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) }
        let text = String(decoding: before[(start ?? before.startIndex)...], as: UTF8.self)
        return "line \(line), column \(text.unicodeScalars.count + 1): "
    }
}
