public import Recount

extension BillingHistory {
    /// One event of a subscription, as a line of the customer's page.
    public struct Entry: Hashable, Sendable {
        /// The number of the event in its stream.
        public var sequence: Sequence
        /// When it happened, as RFC 3339 in UTC.
        public var time: String
        /// What happened.
        public var type: EventType
        /// The money that it moved, as the customer sees it; nothing where it moved none.
        public var amountCents: Int?

        /// Makes an entry from its parts.
        public init(sequence: Sequence, time: String, type: EventType, amountCents: Int? = nil) {
            self.sequence = sequence
            self.time = time
            self.type = type
            self.amountCents = amountCents
        }
    }

    /// What happened to a subscription, oldest first.
    ///
    /// ```swift
    /// let files = GroupFiles(group: "billing-history", directory: "billing.store/groups")
    /// let database = try SQLiteConnection(path: files.database, mode: .readOnly)
    /// let entries = try BillingHistory.entries(of: "7", in: database)
    /// ```
    /// - Parameters:
    ///   - identifier: which subscription.
    ///   - database: the database of the group, for the thread that calls.
    /// - Returns: an entry for each event; none for a subscription that is not known.
    /// - Throws: `SQLiteError` for a database without the projection's table, and where it cannot
    ///   be read.
    public static func entries(
        of identifier: String,
        in database: SQLiteConnection
    ) throws(SQLiteError) -> [Entry] {
        let rows = try database.prepare(
            """
            SELECT sequence, time, type, amountCents FROM history
            WHERE stream = ? ORDER BY sequence
            """
        )
        try rows.bind(text: Subscription.stream(identifier).text, at: 1)
        var entries: [Entry] = []
        while try rows.step() {
            entries.append(
                Entry(
                    sequence: Sequence(UInt64(clamping: rows.integer(at: 0))),
                    time: rows.string(at: 1) ?? "",
                    type: EventType(rows.string(at: 2) ?? ""),
                    amountCents: rows.type(at: 3) == .null ? nil : Int(rows.integer(at: 3))
                )
            )
        }
        return entries
    }
}
