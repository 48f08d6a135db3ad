public import EventModel
public import OperationsModel

/// A scratch copy in numbers made up from the position: of three events the first adds an invoice,
/// the second pays it, and the third is not handled.
final class BillingScratch: ScratchReplay {
    private let store: BillingStore
    private let head: Position
    /// The event that the group cannot handle, and why.
    private let obstacle: (number: UInt64, cause: String)?
    private(set) var failure: String?
    private(set) var position = Position.start

    init(
        _ store: BillingStore,
        head: Position,
        obstacle: (number: UInt64, cause: String)?
    ) {
        self.store = store
        self.head = head
        self.obstacle = obstacle
    }

    /// Goes to where it is to begin.
    func begin(at point: ReadModelPoint, _ progress: Progress) throws(OperationsError) {
        let step = try move(.to(point), progress: progress)
        if step.end == .interrupted {
            throw OperationsError(.refused, "the copy was given up at position \(position)")
        }
        if case .failed(let cause) = step.end { failure = cause }
    }

    func move(_ move: ReplayMove, progress: Progress) throws(OperationsError) -> ReplayStep {
        switch move {
        case .next(let count): return try go(over: count, progress)
        case .back(let count):
            let from = position.number
            let target = (0...from).reversed().first { BillingScratch.handled($0, from) >= count }
            return try go(to: target ?? 0, target == nil ? .atStart : .reached, progress)
        case .to(.position(let target)):
            guard target <= head else {
                throw OperationsError(.invalid, "there is no position \(target)")
            }
            return try go(to: target.number, .reached, progress)
        case .to(.head): return try go(to: head.number, .reached, progress)
        case .to(.time): return try go(to: 12_100_000, .reached, progress)
        case .stream(let stream): return try search(progress) { $0.stream == stream }
        case .type(let type): return try search(progress) { $0.type == type }
        case .until(let sql):
            guard sql.hasPrefix("SELECT") else {
                throw OperationsError(.invalid, "near \"\(sql)\": syntax error")
            }
            return try go(to: position.number + 50 - position.number % 50, .reached, progress)
        }
    }

    func rows(
        _ source: RowSource,
        limit: Int,
        unless isGivenUp: @escaping () -> Bool
    ) throws(OperationsError) -> RowPage {
        if case .query(let sql) = source {
            guard sql.hasPrefix("SELECT") else {
                throw OperationsError(.invalid, "near \"\(sql)\": syntax error")
            }
            return RowPage(columns: ["count(*)"], rows: [[.integer(17)]], isCut: false)
        }
        let last = (position.number + 2) / 3
        let first = last > 30 ? last - 30 : 0
        let rows: [[CellValue]] = (first..<last).map { number in
            let isPaid = number * 3 + 2 <= position.number
            return [
                .text("INV-\(1000 + number)"), .text("subscription-\(10_000 + number % 9973)"),
                .integer(1950), isPaid ? .text("paid") : .text("open"),
                isPaid ? .integer(1950) : .null,
            ]
        }
        return RowPage(
            columns: ["invoice", "subscription", "cents", "status", "paid_cents"],
            rows: rows,
            isCut: first > 0
        )
    }

    // MARK: - Moving

    private static func isHandled(_ number: UInt64) -> Bool { number > 0 && number % 3 != 0 }

    /// How many events after a position up to and with another one are handled.
    private static func handled(_ from: UInt64, _ to: UInt64) -> Int {
        Int((to - to / 3) - (from - from / 3))
    }

    private func go(over count: Int, _ progress: Progress) throws(OperationsError) -> ReplayStep {
        var (target, left) = (position.number, count)
        while left > 0, target < head.number {
            target += 1
            if BillingScratch.isHandled(target) { left -= 1 }
        }
        return try go(to: target, left > 0 ? .atHead : .reached, progress)
    }

    private func search(
        _ progress: Progress,
        _ fits: (EventSummary) -> Bool
    ) throws(OperationsError) -> ReplayStep {
        for number in position.number + 1..<position.number + 1000 {
            guard let event = try store.event(at: Position(number))?.summary else { break }
            if fits(event) { return try go(to: number, .reached, progress) }
        }
        return try go(to: position.number, .atHead, progress)
    }

    private func go(
        to target: UInt64,
        _ end: ReplayStep.End,
        _ progress: Progress
    ) throws(OperationsError) -> ReplayStep {
        let from = position
        var (reached, target, end) = (position.number, target, end)
        if let obstacle, reached < obstacle.number, target >= obstacle.number {
            target = obstacle.number - 1
            end = .failed(obstacle.cause)
        }
        while reached + 100_000 < target, end != .interrupted {
            reached += 100_000
            if !progress(Position(reached), Position(target)) { end = .interrupted }
        }
        position = Position(end == .interrupted ? reached : target)
        let (low, high) = (min(from, position).number, max(from, position).number)
        let changes = high - low > 1000 ? nil : changes(low + 1, high, isBack: position < from)
        return ReplayStep(
            from: from,
            position: position,
            event: try store.event(at: position)?.summary,
            isHandled: BillingScratch.isHandled(position.number),
            handledCount: UInt64(BillingScratch.handled(low, high)),
            changes: changes.map { Array($0.prefix(100)) },
            changeCount: changes?.count,
            end: end,
            notes: changes == nil
                ? ["more rows were changed than can be remembered; which rows differ is not known"]
                : []
        )
    }

    private func changes(_ first: UInt64, _ last: UInt64, isBack: Bool) -> [RowChange] {
        guard first <= last else { return [] }
        return (first...last).compactMap { number in
            let key = [RowChange.KeyColumn("invoice", .text("INV-\(1000 + number / 3)"))]
            func column(_ name: String, _ before: CellValue?, _ after: CellValue?)
                -> RowChange.Column
            {
                let (before, after) = isBack ? (after, before) : (before, after)
                return RowChange.Column(name, before: before, after: after)
            }
            switch number % 3 {
            case 1:
                let stream = CellValue.text("subscription-\(10_000 + number / 3 % 9973)")
                return RowChange(
                    table: "invoices",
                    kind: isBack ? .deleted : .inserted,
                    key: key,
                    columns: [
                        column("subscription", nil, stream), column("cents", nil, .integer(1950)),
                        column("status", nil, .text("open")),
                    ]
                )
            case 2:
                return RowChange(
                    table: "invoices",
                    kind: .updated,
                    key: key,
                    columns: [
                        column("status", .text("open"), .text("paid")),
                        column("paid_cents", .null, .integer(1950)),
                    ]
                )
            default: return nil
            }
        }
    }
}

extension BillingStore {
    /// Makes a ``BillingScratch``; that of the mails does not get past the event that fails.
    public func scratchReplay(
        of group: String,
        at point: ReadModelPoint,
        progress: ScratchReplay.Progress
    ) throws(OperationsError) -> any ScratchReplay {
        let contents = try checked()
        guard contents.tokens[group] != nil else {
            throw OperationsError(.notFound, "There is no group called \(group).")
        }
        let cause =
            "position 12599872, PaymentFailed in subscription-17850: no template for locale "
            + "'is-IS'"
        let copy = BillingScratch(
            self,
            head: Position(contents.head),
            obstacle: group == "notifications" ? (12_599_872, cause) : nil
        )
        try copy.begin(at: point, progress)
        return copy
    }
}
