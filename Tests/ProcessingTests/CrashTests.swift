import Testing

/// Each operation with a host that dies or hangs at every call of its transition.
@Suite struct CrashTests {
    @Test(arguments: Transition.all)
    func `wherever the only host dies, an operation ends as if it had not`(
        _ transition: Transition
    ) throws {
        try check(transition, hostCount: 1, .dies)
    }

    @Test(arguments: Transition.all)
    func `wherever one of two hosts dies, an operation ends as if it had not`(
        _ transition: Transition
    ) throws {
        try check(transition, hostCount: 2, .dies)
    }

    @Test(arguments: Transition.all)
    func `wherever one of two hosts hangs, an operation ends as if it had not`(
        _ transition: Transition
    ) throws {
        try check(transition, hostCount: 2, .hangs)
    }

    @Test(arguments: Transition.ofSegments)
    func `wherever others come and go while a host lags, segments end up the same`(
        _ transition: Transition
    ) throws {
        try check(transition, hostCount: 2, .lags)
    }

    private func check(
        _ transition: Transition,
        hostCount: Int,
        _ fate: Transition.Fate
    ) throws {
        let undisturbed = try transition.run(hostCount: hostCount)
        #expect(undisturbed.violation == nil)
        guard undisturbed.violation == nil else { return }
        #expect(undisturbed.end?.letters.isEmpty == transition.leavesNoLetters)
        for call in 1...undisturbed.callCount {
            let run = try transition.run(hostCount: hostCount, fate, at: call)
            #expect(run.violation == nil, "at call \(call)")
            // What comes in while a host lags is more than what came without it.
            let isAlike =
                run.end == undisturbed.end || transition.dependsOnTime
                || fate == .lags && run.end?.segments == undisturbed.end?.segments
            #expect(isAlike, "at call \(call): \(String(describing: run.end))")
            if run.violation != nil || !isAlike { return }
        }
    }
}
