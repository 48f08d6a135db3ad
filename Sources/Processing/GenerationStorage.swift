public import EventModel

/// How a group's rows are made anew in the place of those in use, which are kept; to be called
/// outside the transactions of the storage.
///
/// What belongs to the group and not to its rows goes with it: the operations it has obeyed,
/// whether it is paused, and the events that it never handles.
public protocol GenerationStorage: AnyObject {
    /// The rows that were in use before these; nothing where none are kept.
    func kept() throws -> KeptGeneration?

    /// Puts new rows in the place of these, which are kept in the place of those kept before.
    ///
    /// The storage is not in place afterwards. Where it fails, nothing has changed.
    ///
    /// - Parameters:
    ///   - rows: what there is at first.
    ///   - progress: what is stored with them.
    ///   - operation: the request in `$operations`.
    ///   - beforehand: called when all that can fail for the rows' sake has been done.
    /// - Throws: what keeps the rows from being made; what `beforehand` throws.
    func replace(
        by rows: FirstRows,
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws

    /// How the rows of the draft, which nobody has open, differ from these, in words.
    func draftDifferences() throws -> String

    /// Puts the rows of the draft, which nobody has open, in the place of these, as
    /// ``replace(by:_:operation:beforehand:)`` does.
    func installDraft(
        _ progress: GroupProgress,
        operation: EventID,
        beforehand: () throws -> Void
    ) throws

    /// Puts the rows that were kept back in their place, and removes these.
    ///
    /// The storage is not in place afterwards.
    ///
    /// - Parameters:
    ///   - progress: what is stored now, of which the operations obeyed are kept.
    ///   - beforehand: called when all that can fail for the rows' sake has been done.
    /// - Throws: what keeps the rows from being put back; what `beforehand` throws.
    func takeBack(_ progress: GroupProgress, beforehand: () throws -> Void) throws

    /// Removes the rows that were kept; inside a transaction too, whose end does not matter.
    func removeKept() throws

    /// Removes the rows of a draft, of which there need not be one.
    func removeDraft() throws
}

/// What a new generation of a group begins with.
public enum FirstRows: Hashable, Sendable {
    /// Tables as they are defined today, without rows.
    case none
    /// The rows in use.
    case copy
}

/// The rows that were in use before those of today.
public struct KeptGeneration: Hashable, Sendable {
    /// The operation that replaced them.
    public var operation: EventID
    /// How far the group had come then.
    public var position: Position

    /// Makes a description from its parts.
    public init(operation: EventID, position: Position) {
        self.operation = operation
        self.position = position
    }
}
