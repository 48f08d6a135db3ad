public import OperationsModel

/// The first screen: what is wrong.
public struct PulseState: Sendable {
    /// Which problem is selected.
    public internal(set) var cursor = ListCursor<ProblemIdentity>()
}

/// Which problem of a list is meant, although its words change with time.
public struct ProblemIdentity: Hashable, Sendable {
    /// Where the problem is.
    public var place: Problem.Place
    /// How many problems of the same place come before it.
    public var ordinal: Int

    /// The identities of a list of problems.
    static func identities(of problems: [Problem]) -> [ProblemIdentity] {
        var counts: [Problem.Place: Int] = [:]
        return problems.map { problem in
            defer { counts[problem.place, default: 0] += 1 }
            return ProblemIdentity(place: problem.place, ordinal: counts[problem.place] ?? 0)
        }
    }
}
