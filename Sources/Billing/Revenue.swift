public import Recount

/// What was received less what was paid back, by month and plan.
public struct Revenue: Projection {
    /// The name of the projection.
    public let name = "revenue"
    /// Its table.
    public let tables = [
        """
        CREATE TABLE revenue (
            month TEXT, plan TEXT, cents INTEGER NOT NULL, PRIMARY KEY (month, plan)
        ) WITHOUT ROWID
        """
    ]
    /// The types that move money for good.
    public let eventTypes: [EventType]? = [
        EventType("PaymentReceived"), EventType("PaymentRefunded"),
    ]
    /// Handling an event again would count it twice.
    public let isIdempotent = false

    /// Makes the projection.
    public init() {}

    /// Prepares its statement.
    public func makeHandler(in database: SQLiteConnection) throws -> any ProjectionHandler {
        let add = try database.prepare(
            """
            INSERT INTO revenue VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET cents = cents + excluded.cents
            """
        )
        return SubscriptionHandler { content, event in
            let (plan, cents): (Plan, Int)
            switch content {
            case .paymentReceived(_, let paidPlan, let paid): (plan, cents) = (paidPlan, paid)
            case .paymentRefunded(_, let paidPlan, let paid): (plan, cents) = (paidPlan, -paid)
            default: return false
            }
            let month = String(event.eventTime.description.prefix(7))
            try add.run(.text(month), .text(plan.rawValue), .integer(Int64(cents)))
            return true
        }
    }
}
