import EventModel
import Processing

/// Tells how far groups have come, how fast, and how long the slowest will take.
struct CatchUpProgress {
    private let startTime = ContinuousClock.now
    private var startPositions: [String: Position] = [:]

    /// How the groups stand on their way to a position, in one line.
    mutating func describe(_ statuses: [String: RunnerStatus], head: Position) -> String {
        let seconds = startTime.duration(to: .now) / .seconds(1)
        var parts: [String] = []
        var totalRate = 0.0
        var secondsLeft = 0.0
        for (name, status) in statuses.sorted(by: { $0.key < $1.key }) {
            let start = startPositions[name] ?? status.position
            startPositions[name] = start
            let decided = Double(status.position.number - min(start, status.position).number)
            let rate = seconds > 0 ? decided / seconds : 0
            let left = Double(head.number - min(head, status.position).number)
            totalRate += rate
            if rate > 0 { secondsLeft = max(secondsLeft, left / rate) }
            parts.append(name + " " + share(of: status, head: head))
        }
        parts.append("\(NumberFormat.grouped(Int(totalRate))) events/s")
        if secondsLeft > 0 { parts.append("\(NumberFormat.duration(secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    private func share(of status: RunnerStatus, head: Position) -> String {
        if status.failure != nil { return "FAILING" }
        if status.isPaused { return "paused" }
        guard head > .start else { return "100%" }
        return "\(min(100, status.position.number * 100 / head.number))%"
    }
}
