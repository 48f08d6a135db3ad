import EventModel
import OperationsModel
import SQLiteDatabase

/// A query that failed, and what is known about why.
struct QueryFailure {
    private let error: SQLiteError
    private let isInterrupted: Bool
    private let timeLimitMilliseconds: Int?
    /// The event whose payload was read last.
    private let readPosition: Position?

    init(
        _ error: SQLiteError,
        isInterrupted: Bool,
        timeLimitMilliseconds: Int?,
        readPosition: Position? = nil
    ) {
        self.error = error
        self.readPosition = readPosition
        self.isInterrupted = isInterrupted
        self.timeLimitMilliseconds = timeLimitMilliseconds
    }

    /// What an operator is told.
    var operationsError: OperationsError {
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
        guard !isInterrupted, let limit = timeLimitMilliseconds else {
            return "the query was interrupted"
        }
        let time = limit % 1000 == 0 ? "\(limit / 1000) s" : "\(limit) ms"
        return "the query ran longer than \(time) and was stopped; "
            + "narrow it down, or give it more time with --time-limit"
    }

    /// The event whose JSON it failed at, behind the message; empty where it is another failure.
    private var event: String {
        guard error.message == "malformed JSON", let position = readPosition else {
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
