public import EventModel
public import OperationsModel

extension BillingStore {
    static let streamCount = 20_412

    // MARK: - Events

    /// The event at a position, made from its number.
    private func summary(at position: UInt64, head: UInt64, now: Timestamp) -> EventSummary {
        let types = [
            "InvoiceIssued", "PaymentReceived", "InvoiceIssued", "PaymentReceived", "PlanChanged",
            "PaymentFailed", "SubscriptionStarted",
        ]
        let type = types[Int(position % 7)]
        let stream = "subscription-\(10_000 + (position &* 7919) % 9973)"
        let sequence = Sequence(position % 61)
        let age = Double(head - position) / 1240 + 0.3
        let amount = position % 9000 + 100
        let payload = #"{"amount":\#(amount).50,"currency":"EUR","invoice":"INV-\#(position)"}"#
        return EventSummary(
            position: Position(position),
            stream: StreamName(stream),
            sequence: sequence,
            type: EventType(type),
            revision: 1,
            eventTime: now.advanced(bySeconds: -age - 0.02),
            recordedTime: now.advanced(bySeconds: -age),
            payloadSize: payload.utf8.count,
            payloadPreview: payload
        )
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func events(_ request: EventsRequest) throws(OperationsError) -> [EventSummary] {
        let contents = try checked()
        func fits(_ event: EventSummary) -> Bool {
            (request.types.isEmpty || request.types.contains(event.type))
                && (request.containing.isEmpty || event.stream.text.contains(request.containing)
                    || event.type.text.contains(request.containing))
        }
        var found: [EventSummary] = []
        switch request.range {
        case .after(let position):
            var next = position.number + 1
            while next <= contents.head, found.count < request.limit {
                let event = summary(at: next, head: contents.head, now: contents.now)
                if fits(event) { found.append(event) }
                next += 1
            }
        case .before(let position):
            let end = min(contents.head, (position?.number ?? .max) - 1)
            var next = end
            while next > 0, found.count < request.limit, end - next < 4000 {
                let event = summary(at: next, head: contents.head, now: contents.now)
                if fits(event) { found.append(event) }
                next -= 1
            }
        case .stream(let stream, let first):
            guard stream == Self.subscription, first.number <= Self.lastSequence else { return [] }
            for number in first.number...Self.lastSequence where found.count < request.limit {
                let event = historyEvent(number)
                if fits(event) { found.append(event) }
            }
        case .streamBackwards(let stream, let last):
            guard stream == Self.subscription else { return [] }
            let end = min(Self.lastSequence, last?.number ?? .max)
            for number in (0...end).reversed() where found.count < request.limit {
                let event = historyEvent(number)
                if fits(event) { found.append(event) }
            }
        }
        return found
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func event(at position: Position) throws(OperationsError) -> EventDetail? {
        let contents = try checked()
        guard position.number > 0, position.number <= contents.head else { return nil }
        let summary = summary(at: position.number, head: contents.head, now: contents.now)
        return EventDetail(
            summary: summary,
            id: EventID(high: 0x0190_b6d2_7c1a_7000, low: 0x8000_0000_0000_0000 | position.number),
            tags: [
                EventTag(key: "customer", value: "17850"), EventTag(key: "country", value: "IS"),
            ],
            contentType: "application/json",
            metadataLines: ["{", #"  "causation": "0190b6d2-7c1a","#, #"  "user": "web""#, "}"],
            payloadLines: [
                "{", #"  "amount": \#(position.number % 9000 + 100).50,"#,
                #"  "currency": "EUR","#, #"  "invoice": "INV-\#(position.number)","#,
                #"  "lines": ["#, #"    { "sku": "basic", "price": 12.00 },"#,
                #"    { "sku": "seats", "price": 7.50 }"#, "  ]", "}",
            ]
        )
    }

    // MARK: - Streams

    private static let streamsByName: [StreamSummary] = (0..<streamCount).map { index in
        let age = index == 7850 ? 7860.0 : Double((index * 31) % 90_000)
        return StreamSummary(
            stream: StreamName("subscription-\(10_000 + index)"),
            eventCount: UInt64(index == 7850 ? 1210 : 3 + (index * 7919) % 97),
            lastPosition: Position(12_604_331 - UInt64(index * 37)),
            firstTime: start.advanced(bySeconds: -86_400 * 400 + Double(index) * 900),
            lastTime: start.advanced(bySeconds: -age)
        )
    }
    private static let streamsByEvents = streamsByName.sorted { $0.eventCount > $1.eventCount }
    private static let streamsByTime = streamsByName.sorted { $0.lastTime > $1.lastTime }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func streams(_ request: StreamsRequest) throws(OperationsError) -> [StreamSummary] {
        _ = try checked()
        let all =
            switch request.order {
            case .name: Self.streamsByName
            case .events: Self.streamsByEvents
            case .recent: Self.streamsByTime
            }
        guard !request.containing.isEmpty || !request.prefix.isEmpty else {
            return page(all, request)
        }
        let fitting = all.filter {
            $0.stream.text.hasPrefix(request.prefix)
                && (request.containing.isEmpty || $0.stream.text.contains(request.containing))
        }
        return page(fitting, request)
    }

    private func page(_ all: [StreamSummary], _ request: StreamsRequest) -> [StreamSummary] {
        Array(all.dropFirst(request.skip).prefix(request.limit))
    }

    // MARK: - Snapshots

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func snapshotCoverage() throws(OperationsError) -> [SnapshotCoverage] {
        _ = try checked()
        return [
            SnapshotCoverage(
                category: Category("customer"),
                every: 50,
                streamCount: 8123,
                coveredCount: 8011,
                snapshotCount: 16_020,
                size: 12_400_000,
                outliers: [Self.outlier(StreamName("customer-9"), 61)]
            ),
            SnapshotCoverage(
                category: Category("invoice"),
                every: nil,
                streamCount: 96_004,
                coveredCount: 0,
                snapshotCount: 0,
                size: 0,
                outliers: []
            ),
            SnapshotCoverage(
                category: Category("subscription"),
                every: 100,
                streamCount: Self.streamCount,
                coveredCount: 9120,
                snapshotCount: 21_004,
                ignoredCount: 11_884,
                size: 48_120_000,
                outliers: [Self.outlier(Self.subscription, 410)]
            ),
        ]
    }

    private static func outlier(
        _ stream: StreamName,
        _ eventCount: UInt64
    ) -> SnapshotCoverage.Outlier {
        SnapshotCoverage.Outlier(
            stream: stream,
            eventCount: eventCount,
            snapshotSequence: nil,
            eventsAfterCount: eventCount
        )
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func commands() throws(OperationsError) -> [CommandSummary] {
        _ = try checked()
        let commands: [(String, String, UInt64, Int64, Int64, Int64)] = [
            ("subscription", "changePlan", 4120, 5800, 1_420_000, 6_210_000),
            ("invoice", "issue", 181_004, 1900, 88_000, 412_000),
            ("subscription", "renew", 88_210, 1850, 22_400, 301_000),
            ("subscription", "suspend", 310, 1700, 9800, 11_200),
            ("subscription", "start", 2210, 1600, 8900, 40_100),
            ("subscription", "cancel", 12, 40, 2100, 2100),
        ]
        return commands.map { category, command, count, median, percentile99, maximum in
            CommandSummary(
                category: Category(category),
                command: command,
                count: count,
                medianMicroseconds: median,
                percentile99Microseconds: percentile99,
                maximumMicroseconds: maximum
            )
        }
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func snapshots(of stream: StreamName) throws(OperationsError) -> [SnapshotSummary] {
        _ = try checked()
        let sequences: [UInt64] = stream == Self.subscription ? [800, 600, 400, 200] : [12]
        return sequences.map { sequence in
            SnapshotSummary(
                stream: stream,
                sequence: Sequence(sequence),
                takenTime: Self.time(of: sequence).advanced(bySeconds: 0.4),
                size: 2000 + Int(sequence),
                isCurrent: sequence > 300
            )
        }
    }
}
