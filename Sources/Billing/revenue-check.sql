SELECT
    (SELECT sum(cents) FROM revenue.revenue) AS rows,
    (SELECT sum(iif(type = 'PaymentRefunded', -1, 1) * (data ->> 'amountCents')) FROM events
        WHERE type IN ('PaymentReceived', 'PaymentRefunded')
        AND position <= (SELECT position FROM revenue.recount_progress)) AS events
