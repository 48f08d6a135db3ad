import Testing

/// Each operation with a crash at every call of its transition.
@Suite struct CrashTests {
    @Test(arguments: Transition.all, 1...2)
    func `wherever a host dies, an operation ends as if none had`(
        _ transition: Transition,
        hostCount: Int
    ) throws {
        let undisturbed = try transition.run(hostCount: hostCount)
        #expect(undisturbed.violation == nil)
        #expect(undisturbed.end?.letters.isEmpty == transition.leavesNoLetters)
        for call in 1...undisturbed.callCount {
            let run = try transition.run(hostCount: hostCount, dyingAt: call)
            #expect(run.violation == nil, "a crash at call \(call)")
            #expect(run.end == undisturbed.end, "a crash at call \(call)")
            if run.violation != nil || run.end != undisturbed.end { return }
        }
    }
}
