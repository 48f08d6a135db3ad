/// A model with a group that cannot handle some events.
package enum LimitModel {
    /// The model whose group `totals` cannot handle amounts below a limit; further groups can be
    /// added to its end, two spaces in.
    package static func text(limit: Int) -> String {
        """
        recount: 1
        projections:
          totals:
            tables:
              - CREATE TABLE totals (stream TEXT PRIMARY KEY, amount INTEGER)
            on:
              Paid:
                - INSERT INTO totals VALUES (:stream,
                    iif((:data ->> 'amount') < \(limit), abs(-9223372036854775808),
                        :data ->> 'amount'))
                  ON CONFLICT DO UPDATE SET amount = amount + excluded.amount

        """
    }
}
