import Disk
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// Hosts that are killed while they make rows anew, put them in use and take them back.
@Suite struct KilledHostStories {
    /// How often a host is killed; more of it where the environment says so.
    private static let roundCount =
        getenv("RECOUNT_KILL_ROUNDS").flatMap {
            Int(String(cString: $0))
        } ?? 15

    @Test func `read models are those of a clean rebuild, wherever their hosts were killed`()
        throws
    {
        let store = try StoryStore.billing(1200)
        try store.catchUp()
        let groups = try store.contents().keys.sorted()
        let truth = try store.contents().mapValues(\.rows)
        var random = RandomSequence(seed: 7)
        for round in 0..<Self.roundCount {
            let first = try store.start("run")
            let second = try Bool.random(using: &random) ? store.start("run") : nil
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let group = groups[Int.random(in: 0..<groups.count, using: &random)]
                let call = Self.calls[Int.random(in: 0..<Self.calls.count, using: &random)]
                let arguments = [call[0], store.path, group] + call.dropFirst()
                let status = try Program(arguments + ["--reason", "round \(round)"]).end().status
                // There may be nothing to undo, and another replay may be under way.
                #expect([0, 3].contains(status))
            }
            usleep(UInt32.random(in: 0...120_000, using: &random))
            for host in [second, first].compactMap(\.self) {
                host.send(SIGKILL)
                #expect(host.end().status == -SIGKILL)
            }
            for (group, contents) in try store.contents() {
                #expect(contents.isAccountedFor, "\(group) in round \(round)")
            }
        }
        try store.catchUp()
        for (group, contents) in try store.contents() {
            #expect(contents.rows == truth[group], "\(group)")
            #expect(contents.isAccountedFor && !contents.isReplaying)
        }
        let unanswered = try store.run("operations", "--json", "--limit", "10000").objects()
            .filter { ["pending", "running"].contains($0["outcome"]?.string) }
        #expect(unanswered.isEmpty, "\(unanswered)")
    }

    private static let calls = [
        ["replay", "--yes", "--no-wait"], ["replay", "--shadow", "--yes", "--no-wait"],
        ["undo", "--no-wait"], ["split", "--no-wait"], ["merge", "--no-wait"],
    ]
}
