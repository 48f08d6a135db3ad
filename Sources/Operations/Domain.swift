public import Aggregates
public import ReadModels

/// What a program knows about the facts in a store: how they become states and read models.
public struct Domain: Sendable {
    /// The rules by which streams become states.
    public let folds: Folds
    /// The processing groups, sorted by name.
    public let groups: [ReadModelGroup]
    /// The upcasters by which events are made current for the groups.
    public let upcastings: Upcastings

    /// Makes a domain; the groups' names must differ.
    public init(
        folds: Folds = Folds(),
        groups: [ReadModelGroup] = [],
        upcastings: Upcastings = Upcastings()
    ) {
        precondition(
            Set(groups.map(\.name)).count == groups.count,
            "Every processing group has a name of its own."
        )
        self.folds = folds
        self.upcastings = upcastings
        self.groups = groups.sorted { $0.name < $1.name }
    }
}
