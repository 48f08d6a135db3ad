public import EventModel
public import OperationsModel

extension BillingStore {
    /// When an event of the told stream happened: one every six hours.
    static func time(of sequence: UInt64) -> Timestamp {
        start.advanced(bySeconds: -7860 - Double(lastSequence - sequence) * 21_600)
    }

    private static func type(of sequence: UInt64) -> String {
        if sequence == 0 { return "SubscriptionStarted" }
        return [
            "InvoiceIssued", "PaymentReceived", "InvoiceIssued", "PaymentFailed", "ReminderSent",
            "PaymentReceived", "PlanChanged",
        ][Int((sequence - 1) % 7)]
    }

    /// How many events of a type there are up to and with each sequence.
    private static let counts: [String: [UInt64]] = {
        var counts: [String: [UInt64]] = [:]
        for type in Set((0...7).map { BillingStore.type(of: $0) }) {
            var sum: UInt64 = 0
            counts[type] = (0...lastSequence).map { sequence in
                sum += BillingStore.type(of: sequence) == type ? 1 : 0
                return sum
            }
        }
        return counts
    }()

    func historyEvent(_ sequence: UInt64) -> EventSummary {
        let payload = #"{"amount":19.50,"currency":"EUR"}"#
        return EventSummary(
            position: Position(11_000_000 + sequence * 1301),
            stream: Self.subscription,
            sequence: Sequence(sequence),
            type: EventType(Self.type(of: sequence)),
            revision: 1,
            eventTime: Self.time(of: sequence),
            recordedTime: Self.time(of: sequence).advanced(bySeconds: 0.02),
            payloadSize: payload.utf8.count,
            payloadPreview: payload
        )
    }

    /// The fields of the state after an event, in order.
    private func fields(after sequence: UInt64) -> [(path: String, value: String)] {
        func count(_ type: String) -> UInt64 { Self.counts[type]?[Int(sequence)] ?? 0 }
        let (issued, received) = (count("InvoiceIssued"), count("PaymentReceived"))
        let failed = Self.type(of: sequence) == "PaymentFailed"
        let reminded = Self.type(of: sequence) == "ReminderSent"
        var fields = [
            ("status", failed || reminded ? #""overdue""# : #""active""#),
            ("plan.name", count("PlanChanged") % 2 == 0 ? #""basic""# : #""team""#),
            ("plan.seats", "\(3 + count("PlanChanged"))"),
            ("customer", #""17850""#),
            ("country", #""IS""#),
            ("invoices", "\(issued)"),
            ("balance", "\(Int64(issued * 1950) - Int64(received * 1950)).00"),
            ("lastEvent", #""\#(Self.time(of: sequence))""#),
        ]
        if failed || reminded { fields.append(("failures[0].code", #""insufficient-funds""#)) }
        if reminded { fields.append(("failures[0].reminded", "true")) }
        return fields.map { (path: $0.0, value: $0.1) }
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func state(
        of stream: StreamName,
        at point: StatePoint
    ) throws(OperationsError) -> AggregateState {
        _ = try checked()
        let sequence: UInt64? =
            switch point {
            case .head: Self.lastSequence
            case .sequence(let sequence): min(sequence.number, Self.lastSequence)
            case .position(let position):
                position.number < 11_000_000 ? nil : (position.number - 11_000_000) / 1301
            case .time(let time):
                (0...Self.lastSequence).last { Self.time(of: $0) <= time }
            }
        guard stream == Self.subscription, let sequence else {
            return AggregateState(
                stream: stream,
                last: nil,
                json: nil,
                lines: [],
                snapshotSequence: nil,
                rules: "recount.yaml"
            )
        }
        return AggregateState(
            stream: stream,
            last: historyEvent(sequence),
            json: Array("{}".utf8),
            lines: lines(fields(after: sequence)),
            snapshotSequence: sequence >= 200 ? Sequence(sequence / 200 * 200) : nil,
            rules: "recount.yaml"
        )
    }

    private func lines(_ fields: [(path: String, value: String)]) -> [AggregateState.Line] {
        var lines = [AggregateState.Line(depth: 0, text: "{", path: "")]
        func value(_ path: String) -> String { fields.first { $0.path == path }?.value ?? "null" }
        func line(_ depth: Int, _ text: String, _ path: String) {
            lines.append(AggregateState.Line(depth: depth, text: text, path: path))
        }
        for field in fields where !field.path.contains(".") {
            line(1, "\"\(field.path)\": \(field.value),", field.path)
        }
        line(1, "\"plan\": {", "plan")
        line(2, "\"name\": \(value("plan.name")),", "plan.name")
        line(2, "\"seats\": \(value("plan.seats"))", "plan.seats")
        line(1, "}", "")
        if fields.contains(where: { $0.path.hasPrefix("failures") }) {
            line(1, "\"failures\": [", "failures")
            for field in fields where field.path.hasPrefix("failures") {
                let name = field.path.split(separator: ".").last ?? ""
                line(2, "\"\(name)\": \(field.value)", field.path)
            }
            line(1, "]", "")
        }
        line(0, "}", "")
        return lines
    }

    /// Answers ``OperationsSource`` in numbers made up from the question.
    public func difference(
        of stream: StreamName,
        from earlier: Sequence?,
        to later: Sequence?
    ) throws(OperationsError) -> [FieldDifference] {
        _ = try checked()
        guard stream == Self.subscription else { return [] }
        let before = earlier.map { fields(after: $0.number) } ?? []
        let after = later.map { fields(after: $0.number) } ?? []
        var result: [FieldDifference] = []
        for field in after {
            let old = before.first { $0.path == field.path }?.value
            guard old != field.value else { continue }
            result.append(FieldDifference(path: field.path, before: old, after: field.value))
        }
        for field in before where !after.contains(where: { $0.path == field.path }) {
            result.append(FieldDifference(path: field.path, before: field.value, after: nil))
        }
        return result
    }
}
