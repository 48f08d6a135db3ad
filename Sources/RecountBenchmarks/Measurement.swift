import JSON

/// One figure, as a benchmark prints it.
struct Measurement {
    /// Which way is better.
    enum Direction: String {
        case higher
        case lower
    }

    /// The name, whose first part is the group.
    var name: String
    /// The median of the runs.
    var value: Double
    /// What it is counted in.
    var unit: String
    /// Which way is better.
    var better: Direction
    /// What it must reach; nothing where there is no bar.
    var bar: Double?
    /// What was computed, so that nobody makes it faster by computing something else.
    var hash: UInt64

    /// Whether the bar is reached; true where there is none.
    var isReached: Bool {
        guard let bar else { return true }
        return better == .higher ? value >= bar : value <= bar
    }

    /// The figure as one JSON object.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("name", name)
        writer.member("value", value)
        writer.member("unit", unit)
        writer.member("better", better.rawValue)
        writer.member("bar", bar)
        writer.member("hash", String(hash, radix: 16))
        writer.endObject()
        return writer.finish()
    }

    /// The figure as one line for people.
    var text: String {
        let barText = bar.map { " (bar \(rounded($0)), \(isReached ? "reached" : "MISSED"))" } ?? ""
        return "\(name): \(rounded(value)) \(unit)\(barText)"
    }
}

/// The number with three digits after the point, fewer where they are zeros.
private func rounded(_ value: Double) -> String {
    let thousandths = (value * 1000).rounded()
    return thousandths.truncatingRemainder(dividingBy: 1000) == 0
        ? String(Int(value.rounded())) : String(thousandths / 1000)
}

/// The middle one of an odd number of values, sorted.
func median(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "A median needs at least one value.")
    return values.sorted()[values.count / 2]
}

/// The seconds that a body takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return start.duration(to: .now) / .seconds(1)
}
