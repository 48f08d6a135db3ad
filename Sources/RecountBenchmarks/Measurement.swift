import JSON

/// One figure, as a benchmark prints it.
struct Measurement {
    /// Which way is better.
    enum Direction: String {
        case higher
        case lower
    }

    /// What somebody else reached at the same work in the same run.
    struct Peer {
        /// Who.
        var name: String
        /// The median of its rounds.
        var value: Double
    }

    /// The name, whose first part is the group.
    var name: String
    /// The median of the rounds.
    var value: Double
    /// What it is counted in.
    var unit: String
    /// Which way is better.
    var better: Direction
    /// Who did the same work, the most telling first.
    var peers: [Peer] = []
    /// What it must reach; nothing where there is no bar.
    var bar: Double?
    /// What was computed, so that nobody makes it faster by computing something else.
    var hash: UInt64

    /// Whether the bar is reached; true where there is none.
    var isReached: Bool {
        guard let bar else { return true }
        return better == .higher ? value >= bar : value <= bar
    }

    /// How often better the figure is than a peer's; below 1 is worse.
    private func ratio(to peer: Peer) -> Double {
        better == .higher ? value / peer.value : peer.value / value
    }

    /// The figure as one JSON object.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("name", name)
        writer.member("value", value)
        writer.member("unit", unit)
        writer.member("better", better.rawValue)
        write(peers.first, to: &writer)
        writer.member("hash", String(hash, radix: 16))
        writer.member("bar", bar)
        writer.member("verdict", bar.map { _ in isReached ? "ok" : "missed" })
        writer.key("others")
        writer.beginArray()
        for peer in peers.dropFirst() {
            writer.beginObject()
            write(peer, to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    private func write(_ peer: Peer?, to writer: inout JSONWriter) {
        writer.member("peer", peer?.name)
        writer.member("peerValue", peer?.value)
        writer.member("ratio", peer.map { ratio(to: $0) })
    }

    /// The figure as one line for people.
    var text: String {
        let held = peers.map { ", \(rounded(ratio(to: $0))) x \($0.name) (\(rounded($0.value)))" }
        let judged = bar.map { " (bar \(rounded($0)), \(isReached ? "ok" : "MISSED"))" } ?? ""
        return "\(name): \(rounded(value)) \(unit)\(judged)\(held.joined())"
    }
}

/// Takes each figure as soon as it is there.
typealias Report = (Measurement) -> Void

/// The number with three digits after the point, fewer where they are zeros or do not matter.
func rounded(_ value: Double) -> String {
    let thousandths = (value * 1000).rounded()
    let isWhole = thousandths.truncatingRemainder(dividingBy: 1000) == 0
    return isWhole || value.magnitude >= 1000
        ? String(Int(value.rounded())) : String(thousandths / 1000)
}

/// The middle one of an odd number of values, sorted.
func median(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "A median needs at least one value.")
    return values.sorted()[values.count / 2]
}

/// The value below which 99 of 100 values lie.
func percentile99(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "A percentile needs at least one value.")
    return values.sorted()[min(values.count - 1, values.count * 99 / 100)]
}

/// The seconds that a body takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return start.duration(to: .now) / .seconds(1)
}
