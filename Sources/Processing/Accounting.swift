/// What became of events: every position of a range is in exactly one of the numbers.
public struct Accounting: Hashable, Sendable {
    /// Events that a handler took.
    public var handled: UInt64
    /// Events that no handler is for.
    public var filtered: UInt64
    /// Events put aside because their handling failed.
    public var deadLettered: UInt64
    /// Events that an operator had skipped.
    public var skipped: UInt64

    /// Makes an accounting from its numbers.
    public init(
        handled: UInt64 = 0,
        filtered: UInt64 = 0,
        deadLettered: UInt64 = 0,
        skipped: UInt64 = 0
    ) {
        self.handled = handled
        self.filtered = filtered
        self.deadLettered = deadLettered
        self.skipped = skipped
    }

    /// All numbers together.
    public var total: UInt64 { handled + filtered + deadLettered + skipped }

    /// The numbers of two together.
    public static func + (left: Accounting, right: Accounting) -> Accounting {
        Accounting(
            handled: left.handled + right.handled,
            filtered: left.filtered + right.filtered,
            deadLettered: left.deadLettered + right.deadLettered,
            skipped: left.skipped + right.skipped
        )
    }

    /// Takes off events that are counted otherwise now, handled ones first.
    ///
    /// - Returns: how many there were not.
    mutating func takeOff(_ count: UInt64) -> UInt64 {
        var rest = count
        for number in [\Accounting.handled, \.filtered, \.skipped] {
            let taken = min(rest, self[keyPath: number])
            self[keyPath: number] -= taken
            rest -= taken
        }
        return rest
    }

    /// A part of so many events, of which so many are dead letters; of the others it has as many of
    /// each number as is its share.
    func part(of count: UInt64, deadLettered letterCount: UInt64) -> Accounting {
        var (part, rest) = (Accounting(), self)
        part.deadLettered = min(letterCount, deadLettered, count)
        rest.deadLettered = 0
        var left = min(count - part.deadLettered, rest.total)
        for number in [\Accounting.skipped, \.filtered, \.handled] where rest.total > 0 {
            let product = rest[keyPath: number].multipliedFullWidth(by: left)
            part[keyPath: number] = rest.total.dividingFullWidth(product).quotient
            left -= part[keyPath: number]
            rest[keyPath: number] = 0
        }
        return part
    }

    /// The numbers of one without those of another, which is part of it.
    static func - (left: Accounting, right: Accounting) -> Accounting {
        Accounting(
            handled: left.handled - right.handled,
            filtered: left.filtered - right.filtered,
            deadLettered: left.deadLettered - right.deadLettered,
            skipped: left.skipped - right.skipped
        )
    }
}
