import EventModel

/// One event of the workload, made of its number alone.
enum WorkloadEvent {
    /// A type that one event in eight has.
    static let commonType: EventType = "PaymentReceived"
    /// A type that one event in a thousand has.
    static let rareType: EventType = "RefundGranted"
    /// A tag that one event in a thousand has.
    static let tag = EventTag(key: "campaign", value: "7")

    /// The types that events have by turns, but for the first of each stream and the rare ones.
    static let types: [EventType] = [
        commonType, "InvoiceIssued", "UsageRecorded", "PlanChanged", "PaymentFailed",
        "SubscriptionRenewed", "SubscriptionPaused", "ReminderSent",
    ]

    /// The first of January 2026, from when on something happens every millisecond.
    private static let firstTime: Int64 = 1_767_225_600_000_000

    /// Makes an event.
    static func event(_ index: Int, sequence: Int) -> PendingEvent {
        let time = Timestamp(microseconds: firstTime + Int64(index) * 1000)
        var digits = Digits(UInt64(index))
        return PendingEvent(
            id: id(index, at: time),
            type: type(index, sequence: sequence),
            eventTime: time,
            tags: index % 1000 == 499 ? [tag] : [],
            metadata: metadata.filled(with: &digits),
            payload: payload.filled(with: &digits)
        )
    }

    private static func type(_ index: Int, sequence: Int) -> EventType {
        if index % 1000 == 999 { return rareType }
        return sequence == 0 ? "SubscriptionStarted" : types[(index + sequence) % types.count]
    }

    /// A time-ordered identity (UUID version 7).
    private static func id(_ index: Int, at time: Timestamp) -> EventID {
        let random = mix(UInt64(index) ^ 0xA5A5_A5A5_A5A5_A5A5)
        let milliseconds = UInt64(time.microseconds / 1000)
        return EventID(
            high: milliseconds << 16 | 0x7000 | random & 0x0FFF,
            low: mix(random) >> 2 | 0x8000_0000_0000_0000
        )
    }

    private static let payload = Template(
        #"{"customer":"cus-########","plan":"team-yearly","period":"2026-1#","seats":1##,"#
            + #""currency":"EUR","taxRate":0.19#,"isTrial":false,"invoice":"inv-########","#
            + #""reference":"..","amountCents":1########}"#,
        size: 197
    )

    private static let metadata = Template(
        #"{"correlation":"c-############..","user":"billing-###"}"#,
        size: 65
    )
}

/// A text with `#` where digits go, and `..` where it is made as long as it is to be.
private struct Template {
    private let bytes: [UInt8]
    private let digits: [Int]

    init(_ text: String, size: Int) {
        var bytes = Array(text.utf8)
        let missing = size - bytes.count
        let padding = bytes.firstIndex(of: UInt8(ascii: ".")) ?? 0
        let start = bytes[padding...].firstRange(of: Array("..".utf8))?.lowerBound ?? padding
        bytes.insert(contentsOf: repeatElement(UInt8(ascii: "."), count: missing), at: start)
        self.bytes = bytes
        digits = bytes.indices.filter { bytes[$0] == UInt8(ascii: "#") }
    }

    func filled(with source: inout Digits) -> [UInt8] {
        var filled = bytes
        for index in digits { filled[index] = source.next() }
        return filled
    }
}

/// Decimal digits that look like chance and depend on a number alone.
private struct Digits {
    private var seed: UInt64
    private var rest: UInt64 = 0
    private var count = 0

    init(_ seed: UInt64) {
        self.seed = seed
    }

    mutating func next() -> UInt8 {
        if count == 0 {
            seed = mix(seed)
            (rest, count) = (seed, 16)
        }
        count -= 1
        defer { rest /= 10 }
        return UInt8(ascii: "0") + UInt8(rest % 10)
    }
}
