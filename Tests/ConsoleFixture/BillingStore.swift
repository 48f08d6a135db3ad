public import EventModel
public import OperationsModel
import Synchronization

/// A billing store that exists only in numbers: the same questions get the same answers.
public final class BillingStore: OperationsSource {
    /// The moment it is 3:47 in the morning.
    public static let start = Timestamp(microseconds: 1_795_146_420_000_000)
    /// The stream whose history is told in full.
    public static let subscription = StreamName("subscription-17850")
    /// The sequence of the last event of that stream.
    public static let lastSequence: UInt64 = 1209

    struct Contents {
        var now = BillingStore.start
        var head: UInt64 = 12_604_331
        var tokens: [String: UInt64] = [
            "invoices": 12_604_331, "ledger": 5_104_220, "notifications": 12_599_871,
            "revenue": 12_480_002,
        ]
        var paused: Set<String> = ["revenue"]
        var requests: [OperationRequest] = []
        var entries: [OperationEntry] = []
        var failure: OperationsError?
        var readOnlyReason: String?
        var replays: [String: ProcessorStatus.Replay] = [
            "ledger": ProcessorStatus.Replay(
                operation: BillingStore.replayID,
                from: .start,
                to: Position(12_604_331),
                startTime: BillingStore.start.advanced(bySeconds: -571)
            )
        ]
        var shadows: [String: ProcessorStatus.Shadow] = [:]
        var letters = BillingStore.letters
        var waitingEffects = BillingStore.waitingEffects
        var rewinds: [String: ProcessorStatus.Rewind] = [:]

        func letterCount(of group: String) -> Int {
            letters.filter { $0.group == group }.reduce(0) { $0 + 1 + $1.heldCount }
        }
    }

    let contents = Mutex(Contents())

    /// The replay of the invoices that can be undone.
    public static let keptID = EventID(high: 0x0190_b6d2_7c1a_7e11, low: 0x9f3a_5be1_c2d3_4f60)

    /// Makes a store as it is at 3:47.
    public init() {}

    /// Lets time pass: events are appended, groups advance.
    public func advance(seconds: Double) {
        contents.withLock { contents in
            contents.now = contents.now.advanced(bySeconds: seconds)
            contents.head += UInt64(seconds * 1240)
            contents.tokens["invoices"] = contents.head
            for (group, shadow) in contents.shadows {
                let made = (shadow.position?.number ?? 0) + UInt64(seconds * 8930)
                contents.shadows[group]?.position = Position(made)
            }
            for group in contents.replays.keys {
                contents.tokens[group, default: 0] += UInt64(seconds * 8930)
            }
        }
    }

    /// Answers everything with an error from now on, or no longer.
    public func fail(with error: OperationsError?) {
        contents.withLock { $0.failure = error }
    }

    /// Appends nothing from now on.
    public func becomeReadOnly(because reason: String) {
        contents.withLock { $0.readOnlyReason = reason }
    }

    /// Records the outcome of the last request.
    public func finishLastRequest(_ outcome: OperationEntry.Outcome) {
        contents.withLock { contents in
            guard !contents.entries.isEmpty else { return }
            contents.entries[0].outcome = outcome
            contents.entries[0].outcomeTime = contents.now
            contents.replays[contents.entries[0].target] = nil
            contents.shadows[contents.entries[0].target] = nil
        }
    }

    /// Lets the replay of a group reach its end.
    public func finishReplay(of group: String) {
        contents.withLock { $0.replays[group] = nil }
    }

    /// What operators asked for through this store.
    public var requests: [OperationRequest] { contents.withLock { $0.requests } }

    func checked() throws(OperationsError) -> Contents {
        let contents = contents.withLock { $0 }
        if let failure = contents.failure { throw failure }
        return contents
    }

    // MARK: - Store, problems, groups

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func status() throws(OperationsError) -> StoreStatus {
        let contents = try checked()
        return StoreStatus(
            name: "billing",
            identity: "0190b6d2-7c1a-7e11-9f3a-5be1c2d34f60",
            incarnation: 1,
            head: Position(contents.head),
            lastRecordedTime: contents.now.advanced(bySeconds: -0.3),
            streamCount: BillingStore.streamCount,
            logBytes: 4_108_332_032,
            readOnlyReason: contents.readOnlyReason,
            measuredTime: contents.now
        )
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func problems() throws(OperationsError) -> [Problem] {
        let contents = try checked()
        return [
            Problem(
                severity: .critical,
                place: .processor("notifications"),
                summary: "failing at #12,599,872 PaymentFailed",
                remedy: "Enter shows the failure; fix the handler, then replay from that position.",
                since: BillingStore.start.advanced(bySeconds: -252)
            ),
            Problem(
                severity: .warning,
                place: .processor("revenue"),
                summary: "paused for 2h11m, 124,329 events behind",
                remedy: "Resume it when the migration of its tables is done.",
                since: BillingStore.start.advanced(bySeconds: -7860)
            ),
            Problem(
                severity: .warning,
                place: .stream(BillingStore.subscription),
                summary: "1,210 events without a current snapshot",
                remedy: "Take a snapshot, or let the rule take one more often.",
                since: nil
            ),
        ].filter { _ in contents.head > 0 }
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func processors() throws(OperationsError) -> [ProcessorStatus] {
        let contents = try checked()
        func token(_ group: String) -> Position { Position(contents.tokens[group] ?? 0) }
        let head = Position(contents.head)
        let (ledger, mails) = (contents.replays["ledger"], contents.replays["notifications"])
        let groups = [
            ProcessorStatus(
                group: "invoices",
                state: contents.paused.contains("invoices") ? .paused : .live,
                position: token("invoices"),
                head: head,
                lagSeconds: 0,
                ratePerSecond: 1240,
                owner: "4711@billing-1",
                heartbeatSeconds: 0.4,
                shadow: contents.shadows["invoices"],
                kept: ProcessorStatus.Kept(
                    operation: BillingStore.keptID,
                    position: Position(12_400_112)
                ),
                projections: ["invoice-list", "invoice-totals"],
                tables: ["invoices", "invoice_lines"]
            ),
            ProcessorStatus(
                group: "ledger",
                state: ledger == nil ? .live : .replaying,
                position: ledger == nil ? head : token("ledger"),
                head: head,
                lagSeconds: ledger == nil ? 0 : 86_400 * 11 + 7200,
                ratePerSecond: ledger == nil ? 1240 : 8930,
                segments: (0..<4).map { number in
                    SegmentStatus(
                        number: number,
                        shareCount: 4,
                        position: ledger == nil ? head : token("ledger"),
                        owner: "4711@billing-1",
                        heartbeatSeconds: 0.2
                    )
                },
                owner: "4711@billing-1",
                heartbeatSeconds: 0.2,
                deadLetterCount: contents.letterCount(of: "ledger"),
                failure: "position 2113007, InvoiceIssued in invoice-4711: negative total in "
                    + "handler LedgerEntries",
                replay: ledger,
                projections: ["ledger"],
                tables: ["ledger_entries"]
            ),
            ProcessorStatus(
                group: "notifications",
                state: mails == nil ? .failing : .replaying,
                position: token("notifications"),
                head: head,
                lagSeconds: contents.now.seconds(since: BillingStore.start) + 252,
                ratePerSecond: mails == nil ? 0 : 8930,
                owner: "4711@billing-1",
                heartbeatSeconds: 0.4,
                deadLetterCount: contents.letterCount(of: "notifications"),
                failure: mails != nil
                    ? nil
                    : "position 12599872, PaymentFailed in subscription-17850: no template for "
                        + "locale 'is-IS' in handler MailQueue",
                replay: mails,
                effectKinds: ["mail", "text"],
                projections: ["mail-queue"],
                tables: ["mails"]
            ),
            ProcessorStatus(
                group: "revenue",
                state: contents.paused.contains("revenue") ? .paused : .catchingUp,
                position: token("revenue"),
                head: head,
                lagSeconds: contents.now.seconds(since: BillingStore.start) + 7860,
                ratePerSecond: 0,
                pauseReason: "migration of revenue_by_month, ana",
                projections: ["revenue-by-month"],
                tables: ["revenue_by_month"]
            ),
        ]
        return groups.map { $0.diverted(by: contents.rewinds[$0.group]) }
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func plan(_ request: ReplayRequest) throws(OperationsError) -> ReplayPlan {
        let contents = try checked()
        guard contents.tokens[request.group] != nil else {
            throw OperationsError(.notFound, "There is no group called \(request.group).")
        }
        let from: Position =
            switch request.start {
            case .beginning: .start
            case .after(let position): min(position, Position(contents.head))
            case .time: Position(12_100_000)
            }
        let to = Position(contents.tokens[request.group] ?? 0)
        let count = to > from ? to.number - from.number : 0
        let shares: [(String, UInt64, ReplayPlan.Handling)] = [
            ("InvoiceIssued", 405, .same), ("PaymentReceived", 391, .same),
            ("PlanChanged", 102, .none), ("PaymentFailed", 61, .same),
            ("SubscriptionStarted", 33, .none), ("SubscriptionCancelled", 8, .none),
        ]
        return ReplayPlan(
            request: request,
            from: from,
            to: to,
            types: shares.map {
                .init(type: EventType($0.0), count: count * $0.1 / 1000, handling: $0.2)
            },
            streamCount: BillingStore.streamCount,
            measuredRate: 8930,
            secondsExpected: Double(count) / 10_400...Double(count) / 8000,
            tables: try processors().first { $0.group == request.group }?.tables ?? [],
            readers: TableReaders(
                [
                    .init(process: 4711, name: "billing", isHost: true),
                    .init(process: 20_377, name: "report\u{1B}[2J"),
                ],
                isComplete: true
            ),
            notes: ["Handlers see that the events are replayed; mails are not sent again."],
            refusal: contents.replays[request.group] == nil
                ? nil : "a replay of \(request.group) is already under way"
        )
    }

    // MARK: - Operations

    static let replayID = EventID(high: 0x0190_b6d2_7c1a_7e11, low: 0x9f3a_5be1_c2d3_4f61)

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func operations(limit: Int) throws(OperationsError) -> [OperationEntry] {
        let contents = try checked()
        func entry(
            _ number: UInt64,
            ago: Double,
            _ name: String,
            _ target: String,
            by who: String,
            _ reason: String,
            _ outcome: OperationEntry.Outcome,
            took: Double?,
            change: String = ""
        ) -> OperationEntry {
            let time = BillingStore.start.advanced(bySeconds: -ago)
            return OperationEntry(
                id: number == 1
                    ? BillingStore.replayID : EventID(high: 0x0190_b6d2_7c1a_7e11, low: number),
                position: Position(12_604_331 - UInt64(ago) * 15),
                requestTime: time,
                name: name,
                target: target,
                operatorName: who,
                host: "billing-1",
                reason: reason,
                outcome: outcome,
                outcomeTime: took.map { time.advanced(bySeconds: $0) },
                change: change
            )
        }
        let past = [
            entry(
                1,
                ago: 572,
                "replay",
                "ledger",
                by: "ana",
                "VAT bug 4412",
                .running,
                took: nil,
                change: "token 12,604,331 to 0"
            ),
            entry(
                2,
                ago: 7860,
                "pause",
                "revenue",
                by: "ana",
                "migration of revenue_by_month",
                .completed("paused after #12,480,002"),
                took: 0.8
            ),
            entry(
                3,
                ago: 9120,
                "replay",
                "invoices",
                by: "björn",
                "try without arming the rules",
                .refused("group is running on 3 nodes"),
                took: 0.1
            ),
            entry(
                4,
                ago: 86_400 * 2,
                "snapshot",
                "subscription",
                by: "ops",
                "before the month end",
                .completed("1,204 taken"),
                took: 42
            ),
            entry(
                5,
                ago: 86_400 * 9,
                "replay",
                "notifications",
                by: "björn",
                "new template",
                .failed("disk full after #3,200,118"),
                took: 1260
            ),
        ]
        return Array((contents.entries + past).prefix(limit))
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func request(_ operation: OperationRequest) throws(OperationsError) -> EventID {
        _ = try checked()
        return contents.withLock { contents in
            contents.requests.append(operation)
            let id = EventID(high: 77, low: UInt64(contents.requests.count))
            if case .replay(let request) = operation.kind, request.isShadow {
                contents.shadows[request.group] = ProcessorStatus.Shadow(
                    operation: id,
                    position: .start,
                    startTime: contents.now
                )
            } else if case .replay(let request) = operation.kind {
                contents.replays[request.group] = ProcessorStatus.Replay(
                    operation: id,
                    from: .start,
                    to: Position(contents.tokens[request.group] ?? 0),
                    startTime: contents.now
                )
                contents.tokens[request.group] = 0
            }
            let (name, target): (String, String) =
                switch operation.kind {
                case .pause(let group): ("pause", group)
                case .resume(let group): ("resume", group)
                case .replay(let request): ("replay", request.group)
                case .undo(let group, _): ("undo", group)
                case .letGo(let group): ("let-go", group)
                case .retry(let request): ("retry", request.group)
                case .discard(let group, _): ("discard", group)
                case .skip(let group, _): ("skip", group)
                case .effect(let group, _, let choice): ("\(choice.rawValue)-effect", group)
                case .split(let group, _): ("split", group)
                case .merge(let group, _): ("merge", group)
                case .snapshotStream(let stream): ("snapshot", stream.text)
                case .snapshotCategory(let category, _): ("snapshot", category.text)
                case .snapshotStale: ("snapshot", "all stale")
                }
            contents.entries.insert(
                OperationEntry(
                    id: id,
                    position: Position(contents.head),
                    requestTime: contents.now,
                    name: name,
                    target: target,
                    operatorName: "you",
                    host: "billing-1",
                    reason: operation.reason,
                    outcome: .pending
                ),
                at: 0
            )
            return id
        }
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func waitForEvents(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(OperationsError) -> Position {
        Position(try checked().head)
    }
}
