public import EventModel

/// What an operator can see and ask for, whatever store stands behind it.
///
/// Every call blocks until it has its answer and may take long on a slow store: a console calls
/// from threads of its own. An implementation is safe to call from several threads at once.
public protocol OperationsSource: Sendable {
    /// How the store as a whole stands.
    func status() throws(OperationsError) -> StoreStatus

    /// Everything that is or will be wrong, worst first.
    func problems() throws(OperationsError) -> [Problem]

    /// One page of the streams of a store.
    func streams(_ request: StreamsRequest) throws(OperationsError) -> [StreamSummary]

    /// One page of events, in the order asked for.
    func events(_ request: EventsRequest) throws(OperationsError) -> [EventSummary]

    /// One event with its payload; nothing where the position is beyond the head.
    func event(at position: Position) throws(OperationsError) -> EventDetail?

    /// The state of an aggregate at one point; ``AggregateState/lines`` is empty before it began.
    func state(of stream: StreamName, at point: StatePoint) throws(OperationsError)
        -> AggregateState

    /// What differs between the states at two sequences; `nil` is the state before the first event.
    func difference(
        of stream: StreamName,
        from earlier: Sequence?,
        to later: Sequence?
    ) throws(OperationsError) -> [FieldDifference]

    /// How every processing group stands, sorted by name.
    func processors() throws(OperationsError) -> [ProcessorStatus]

    /// What a replay would do; changes nothing.
    func plan(_ request: ReplayRequest) throws(OperationsError) -> ReplayPlan

    /// The sequences of a group, or of every group, that have dead letters, by the position of the
    /// first one; at most so many of a group.
    func deadLetters(of group: String?, limit: Int) throws(OperationsError) -> [DeadLetterSequence]

    /// What is to be done outside the store and is not done yet, group by group in the order of
    /// asking; behind it, where asked for, what ended last, newest first.
    func effects(_ request: EffectsRequest) throws(OperationsError) -> [EffectEntry]

    /// Makes a scratch copy of a group's read model as of a point.
    ///
    /// Where an event before the point cannot be handled, the copy begins before that event, and
    /// ``ScratchReplay/failure`` says why. Throws `refused` where `progress` said stop.
    func scratchReplay(
        of group: String,
        at point: ReadModelPoint,
        progress: ScratchReplay.Progress
    ) throws(OperationsError) -> any ScratchReplay

    /// How well each category is covered by snapshots, sorted by name.
    func snapshotCoverage() throws(OperationsError) -> [SnapshotCoverage]

    /// How long the commands of about the last hour took, the slowest first.
    func commands() throws(OperationsError) -> [CommandSummary]

    /// The snapshots of one stream, newest first.
    func snapshots(of stream: StreamName) throws(OperationsError) -> [SnapshotSummary]

    /// What operators asked for and what came of it, newest first.
    func operations(limit: Int) throws(OperationsError) -> [OperationEntry]

    /// Records a request of an operator; whoever runs the group obeys and records the outcome.
    ///
    /// - Returns: the identity under which the outcome can be followed in ``operations(limit:)``.
    func request(_ operation: OperationRequest) throws(OperationsError) -> EventID

    /// Waits until the store holds events after a position, or the time is up.
    ///
    /// - Returns: the position of the last event.
    func waitForEvents(
        after position: Position,
        timeoutMilliseconds: Int
    ) throws(OperationsError) -> Position
}
