public import Recount

/// Every event of every subscription as a row, for the customer's page.
///
/// Idempotent: a row is keyed by stream and sequence, so that handling an event again leaves
/// everything as it is. ``entries(of:in:)`` asks it about one subscription.
public struct BillingHistory: Projection {
    /// The name of the projection.
    public let name = "billing-history"
    /// Its table.
    public let tables = [
        """
        CREATE TABLE history (
            stream TEXT, sequence INTEGER, time TEXT NOT NULL, type TEXT NOT NULL,
            amountCents INTEGER, PRIMARY KEY (stream, sequence)
        ) WITHOUT ROWID
        """
    ]
    /// Every type.
    public let eventTypes: [EventType]? = nil
    /// Handling an event again changes nothing.
    public let isIdempotent = true

    /// Makes the projection.
    public init() {}

    /// Prepares its statement.
    public func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let upsert = try database.prepare(
            """
            INSERT INTO history VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET time = excluded.time, type = excluded.type,
                amountCents = excluded.amountCents
            """
        )
        return SubscriptionHandler { content, event in
            try upsert.run(
                .text(event.stream.text),
                .integer(Int64(clamping: event.sequence.number)),
                .text(event.eventTime.description),
                .text(event.type.text),
                content.amountCents.map { .integer(Int64($0)) } ?? .null
            )
            return true
        }
    }
}
