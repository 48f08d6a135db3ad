/// What a store's operators have promised, as a model says.
public struct Objectives: Hashable, Sendable {
    /// How many seconds of events may be lost at most (the recovery point).
    public var rpoSeconds: Int?
    /// How many seconds a restore may take at most (the recovery time).
    public var rtoSeconds: Int?
    /// How many seconds may pass between two rehearsed restores.
    public var drillSeconds: Int?
    /// The lag in events from which on a group needs attention.
    public var lagWarning: UInt64?
    /// The lag in events from which on a group has failed its purpose.
    public var lagCritical: UInt64?

    /// Makes objectives; without arguments, there are none.
    public init(
        rpoSeconds: Int? = nil,
        rtoSeconds: Int? = nil,
        drillSeconds: Int? = nil,
        lagWarning: UInt64? = nil,
        lagCritical: UInt64? = nil
    ) {
        self.rpoSeconds = rpoSeconds
        self.rtoSeconds = rtoSeconds
        self.drillSeconds = drillSeconds
        self.lagWarning = lagWarning
        self.lagCritical = lagCritical
    }

    /// The seconds that a text such as `30s`, `15m`, `2h` or `90d` means.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }),
            let count = Int(text.dropLast()), (1...1_000_000).contains(count)
        else { return nil }
        return count * unit
    }
}
