/// How a program ended, as its caller sees it.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Everything asked for was done.
    case done = 0
    /// Something was found: a check failed, a target was missed, what was named is not there.
    case finding = 1
    /// The arguments make no sense.
    case wrongUsage = 2
    /// The store refused: read-only, a conflict, a claim of another process.
    case refused = 3
    /// The storage failed or is damaged.
    case storageFailure = 4

    /// What the status means for every verb.
    public var meaning: String {
        switch self {
        case .done: "Done."
        case .finding: "A finding: a check failed, or what was named is not there."
        case .wrongUsage: "Wrong usage."
        case .refused: "Refused: the store is read-only, or there was a conflict."
        case .storageFailure: "The storage failed or is damaged."
        }
    }
}

/// What an exit status means for one verb.
public struct ExitStatusMeaning: Sendable {
    /// The status.
    public var status: ExitStatus
    /// What it means.
    public var meaning: String

    /// Says what a status means.
    public init(_ status: ExitStatus, _ meaning: String) {
        self.status = status
        self.meaning = meaning
    }
}
