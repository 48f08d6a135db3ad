public import Recount

/// The invoices that are open, and how often collecting them failed.
public struct Dunning: Projection {
    /// The name of the projection.
    public let name = "dunning"
    /// Its table.
    public let tables = [
        """
        CREATE TABLE openInvoices (
            stream TEXT, invoice TEXT, amountCents INTEGER NOT NULL, issued TEXT NOT NULL,
            failedPayments INTEGER NOT NULL, PRIMARY KEY (stream, invoice)
        ) WITHOUT ROWID
        """
    ]
    /// The types that open an invoice, close it, or fail to.
    public let eventTypes: [EventType]? = [
        EventType("InvoiceIssued"), EventType("InvoiceVoided"), EventType("PaymentReceived"),
        EventType("PaymentFailed"),
    ]
    /// Handling a failure again would count it twice.
    public let isIdempotent = false

    /// Makes the projection.
    public init() {}

    /// Prepares its statements.
    public func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let insert = try database.prepare("INSERT INTO openInvoices VALUES (?, ?, ?, ?, 0)")
        let fail = try database.prepare(
            """
            UPDATE openInvoices SET failedPayments = failedPayments + 1
            WHERE stream = ? AND invoice = ?
            """
        )
        let delete = try database.prepare(
            "DELETE FROM openInvoices WHERE stream = ? AND invoice = ?"
        )
        return SubscriptionHandler { content, event in
            let stream = SQLiteValue.text(event.stream.text)
            switch content {
            case .invoiceIssued(let invoice, _, let cents):
                let issued = SQLiteValue.text(event.eventTime.description)
                try insert.run(stream, .text(invoice), .integer(Int64(cents)), issued)
            case .paymentFailed(let invoice, _):
                try fail.run(stream, .text(invoice))
            case .invoiceVoided(let invoice, _, _), .paymentReceived(let invoice, _, _):
                try delete.run(stream, .text(invoice))
            default: return false
            }
            return true
        }
    }
}
