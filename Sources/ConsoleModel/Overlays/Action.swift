public import EventModel
public import OperationsModel

/// Something that changes the store, or leads to a change.
public enum Action: Hashable, Sendable {
    /// Stop a group.
    case pause(String)
    /// Let a group go on.
    case resume(String)
    /// Show what a replay of a group would do.
    case planReplay(String)
    /// Show the dead letters of a group.
    case showLetters(String)
    /// Show the effects of a group.
    case showEffects(String)
    /// Try the dead letters of one sequence of a group again.
    case retrySequence(group: String, key: String)
    /// Show what a request about dead letters would do.
    case planLetters(OperationRequest.Kind)
    /// Show what was asked for about dead letters and goes on.
    case watchLetters
    /// Choose whether the planned retry ends at the first failure.
    case retryFailure
    /// Do what is planned with dead letters.
    case runLetters
    /// Go through the history of a group's tables, from where the copy is or else the beginning.
    case step(group: String, at: ReadModelPoint?)
    /// Have a line typed.
    case prompt(Prompt.Purpose)
    /// Replay the group as planned.
    case runReplay
    /// Choose whether the planned replay makes rows in place or beside those in use.
    case replayPlace
    /// Put the rows of a group back that were in use before an operation, or end it.
    case undoReplay(group: String, operation: EventID)
    /// Split a segment of a group.
    case split(String)
    /// Merge two segments of a group.
    case merge(String)
    /// Save the state of one aggregate.
    case snapshotStream(StreamName)
    /// Save the states of a category.
    case snapshotCategory(Category)
    /// Take every stale snapshot.
    case snapshotStale
}

/// The menu behind `a`: the only door to anything that changes the store.
public struct ActionMenu: Sendable {
    /// One line of the menu.
    public struct Entry: Hashable, Sendable {
        /// What it does, in a few words.
        public var title: String
        /// What it does, for the console.
        public var action: Action
        /// Whether it changes the store at once, so that it needs an armed console.
        public var changesStore: Bool
        /// Why it cannot be done now; nothing where it can.
        public var refusal: String?
    }

    /// What it acts on, such as `group invoices`.
    public internal(set) var subject: String
    /// The lines.
    public internal(set) var entries: [Entry]
    /// The selected line.
    public internal(set) var index = 0

    init(subject: String, entries: [Entry]) {
        self.subject = subject
        self.entries = entries
        index = entries.firstIndex { $0.refusal == nil } ?? 0
    }
}
