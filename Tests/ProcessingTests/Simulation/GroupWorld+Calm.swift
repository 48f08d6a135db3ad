import EventModel
import EventStorage
@testable import Processing
import RecountTesting

/// How a history ends: everybody is healthy, nothing new happens.
extension GroupWorld {
    private static let roundsMax = 400

    /// Lets the hosts go on until there is nothing to do; notes what is not as it must be then.
    func calmDown() throws {
        fate = { _ in }
        for host in hosts { host.isFrozen = false }
        if hosts.isEmpty { start() }
        try ask(.resume(group: Plan.group))
        for _ in 0..<GroupWorld.roundsMax where !isCalm {
            // What an undoing puts back can be of another history again.
            try putRight()
            try goOn()
            if firstViolation != nil { return }
        }
        if let unrest { violation("it never becomes calm: \(unrest)") }
    }

    /// Has rows that are of another history made anew, once whoever runs them says so.
    private func putRight() throws {
        for _ in 0..<GroupWorld.roundsMax {
            guard firstViolation == nil, disk.inUse?.file.common != nil else { return }
            if disk.inUse?.file.content.shared?.shadow == nil {
                try ask(.replay(group: Plan.group, after: .start, rateLimit: nil))
            }
            for _ in 0..<8 { try goOn() }
        }
        violation("a group stays ahead of history")
    }

    /// Has every host do its next thing, without anything that disturbs it.
    func goOn() throws {
        for host in hosts {
            host.step()
            host.stepShadow()
        }
        advance(by: .milliseconds(60))
        clock.advance(bySeconds: 61)
        try learn()
    }

    private var isCalm: Bool { unrest == nil }

    /// What is still to be done; nothing where everything is.
    var unrest: String? {
        guard let content = disk.inUse?.file.content, let progress = content.progress else {
            return "there are no rows"
        }
        for operation in asked where finals[operation.id] == nil {
            return "operation \(operation.id) has no outcome: \(operation.act), \(progress)"
        }
        if progress.shadow != nil || progress.retry != nil || progress.replay != nil {
            return "something is under way: \(progress)"
        }
        if let behind = progress.segments.first(where: { $0.token.position != log.head() }) {
            return "segment \(behind.segment) is at \(behind.token.position) of \(log.head()): "
                + "\(content.failure ?? "no failure") \(progress)"
        }
        var keys: Set<String> = []
        for letter in content.letters.values.sorted(by: { $0.position < $1.position })
        where keys.insert(letter.sequenceKey).inserted && letter.failure?.nextAttempt != nil {
            return "letters wait for the next attempt: \(letter)"
        }
        return claimUnrest(progress.segments.map(\.segment))
    }

    /// Who is to have which segment still changes; nothing where it does not.
    func claimUnrest(_ segments: [Segment]) -> String? {
        var owned: [Segment: Int] = [:]
        var counts: [Int] = []
        for host in hosts {
            let claimed = host.storage?.claimed ?? []
            counts.append(claimed.count)
            for segment in claimed { owned[segment, default: 0] += 1 }
        }
        if segments.contains(where: { owned[$0] != 1 }) { return "segments have not one owner" }
        guard let most = counts.max(), let least = counts.min(), most > least + 1 else {
            return nil
        }
        return "the hosts have \(counts) segments"
    }
}
