/// The same domain described as data, for the demonstration, with one deliberate mistake.
public enum BillingModel {
    /// The text of a `recount.yaml` with four groups.
    ///
    /// The group `revenue` has a bug, named in the text: what is paid back is added instead of
    /// subtracted. The sum of its rows differs from that of the events until the line is changed
    /// to ``repairedLine`` and the group is replayed.
    ///
    /// The group `slow-ledger` is slow on purpose: it computes a sum over its newest rows for
    /// each event, so that a replay takes long enough to be watched, paused and throttled.
    public static let yaml = head + revenue + tail

    /// The text with the mistake corrected.
    public static var repairedYAML: String {
        head
            + revenue.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0 == buggyLine ? Substring(repairedLine) : $0 }
            .joined(separator: "\n") + tail
    }

    /// The line with the mistake.
    public static let buggyLine =
        "          VALUES (substr(:time, 1, 7), :data ->> 'plan', +(:data ->> 'amountCents'))"

    /// The line as it should be.
    public static let repairedLine =
        "          VALUES (substr(:time, 1, 7), :data ->> 'plan', -(:data ->> 'amountCents'))"

    private static let head = """
        # Subscription billing as data: what Sources/Billing does in Swift.
        recount: 1

        aggregates:
          subscription:
            initial: { status: null, customer: null, plan: null, openInvoices: {}, invoices: 0,
              paidCents: 0, reason: null }
            on:
              SubscriptionCreated: >
                json_set(:state, '$.status', 'created', '$.customer', :data ->> 'customer',
                  '$.plan', :data ->> 'plan')
              SubscriptionActivated, SubscriptionReactivated: >
                json_set(:state, '$.status', 'active', '$.reason', null)
              SubscriptionSuspended: >
                json_set(:state, '$.status', 'suspended', '$.reason', :data ->> 'reason')
              SubscriptionCancelled: >
                json_set(:state, '$.status', 'cancelled', '$.reason', :data ->> 'reason')
              InvoiceIssued: >
                json_set(:state, '$.invoices', (:state ->> 'invoices') + 1,
                  '$.openInvoices.' || json_quote(:data ->> 'invoice'),
                  :data ->> 'amountCents')
              InvoiceVoided: >
                json_remove(:state, '$.openInvoices.' || json_quote(:data ->> 'invoice'))
              PaymentReceived: >
                json_set(
                  json_remove(:state, '$.openInvoices.' || json_quote(:data ->> 'invoice')),
                  '$.paidCents', (:state ->> 'paidCents') + (:data ->> 'amountCents'))
              PaymentRefunded: >
                json_set(:state,
                  '$.paidCents', (:state ->> 'paidCents') - (:data ->> 'amountCents'))
            snapshot: { every: 10 }

        upcasters:
          - event: SubscriptionSuspended
            from: 1
            to: 2
            data: json_object('reason', 'unknown')

        objectives: { rpo: 15m, rto: 2h, drill: 90d, lag: { warning: 1000, critical: 10000 } }

        projections:
          billing-history:
            idempotent: true
            tables:
              - CREATE TABLE history (stream TEXT, sequence INTEGER, time TEXT NOT NULL,
                  type TEXT NOT NULL, amountCents INTEGER, PRIMARY KEY (stream, sequence))
            on:
              "*":
                - INSERT INTO history
                  VALUES (:stream, :sequence, :time, :type, :data ->> 'amountCents')
                  ON CONFLICT DO UPDATE SET time = excluded.time, type = excluded.type,
                    amountCents = excluded.amountCents


        """

    private static let revenue = """
          revenue:
            tables:
              - CREATE TABLE revenue (month TEXT, plan TEXT, cents INTEGER NOT NULL,
                  PRIMARY KEY (month, plan))
            on:
              PaymentReceived:
                - INSERT INTO revenue
                  VALUES (substr(:time, 1, 7), :data ->> 'plan', :data ->> 'amountCents')
                  ON CONFLICT DO UPDATE SET cents = cents + excluded.cents
              PaymentRefunded:
                # BUG refunds-counted-as-revenue: what is paid back must be subtracted.
                # Change the + before (:data ->> 'amountCents') to a - and replay the group.
                - INSERT INTO revenue
                  VALUES (substr(:time, 1, 7), :data ->> 'plan', +(:data ->> 'amountCents'))
                  ON CONFLICT DO UPDATE SET cents = cents + excluded.cents


        """

    private static let tail = """
          dunning:
            tables:
              - CREATE TABLE openInvoices (stream TEXT, invoice TEXT,
                  amountCents INTEGER NOT NULL, issued TEXT NOT NULL,
                  failedPayments INTEGER NOT NULL, PRIMARY KEY (stream, invoice))
            on:
              InvoiceIssued:
                - INSERT INTO openInvoices
                  VALUES (:stream, :data ->> 'invoice', :data ->> 'amountCents', :time, 0)
              PaymentFailed:
                - UPDATE openInvoices SET failedPayments = failedPayments + 1
                  WHERE stream = :stream AND invoice = :data ->> 'invoice'
              InvoiceVoided, PaymentReceived:
                - DELETE FROM openInvoices
                  WHERE stream = :stream AND invoice = :data ->> 'invoice'

          slow-ledger:
            # Its rows are made from those of other streams before them.
            sequence: all
            tables:
              - CREATE TABLE ledger (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,
                  cents INTEGER NOT NULL, recentCents INTEGER NOT NULL)
            on:
              "*":
                # Slow on purpose: the sum over the newest 4000 rows is computed for each event.
                - INSERT INTO ledger
                  SELECT :position, :stream, coalesce(:data ->> 'amountCents', 0),
                    coalesce(sum(cents), 0)
                  FROM (SELECT cents FROM ledger ORDER BY position DESC LIMIT 4000)

        """
}
