public import ReadModels

/// What a program knows about the facts in a store: its read models.
public struct Domain: Sendable {
    /// The processing groups, sorted by name.
    public let groups: [ReadModelGroup]

    /// Makes a domain; the groups' names must differ.
    public init(groups: [ReadModelGroup] = []) {
        precondition(
            Set(groups.map(\.name)).count == groups.count,
            "Every processing group has a name of its own."
        )
        self.groups = groups.sorted { $0.name < $1.name }
    }
}
