public import EventModel

/// How far a segment of a group has come, stored together with what the group made of it.
///
/// A *replay token* also knows where the group was at the reset. An event is a replay if and
/// only if the group decided it before the reset: the event at the reset position still is one,
/// the first after it is not and ends the replay.
public struct TrackingToken: Hashable, Sendable {
    /// A replay under way.
    public struct Replay: Hashable, Sendable {
        /// The position the group had reached at the reset.
        public var resetPosition: Position
        /// The position the replay started after.
        public var startPosition: Position
        /// When the reset was done.
        public var startTime: Timestamp
        /// The request for it in `$operations`.
        public var operation: EventID
        /// How many events a second at most; nothing means as fast as it goes.
        public var rateLimit: Int?
        /// Which events are handled again.
        public var selection: ReplaySelection
        /// Who asked for it, where and why.
        public var author: OperationAuthor

        /// Makes a replay from its parts.
        public init(
            resetPosition: Position,
            startPosition: Position,
            startTime: Timestamp,
            operation: EventID,
            rateLimit: Int? = nil,
            selection: ReplaySelection = ReplaySelection(),
            author: OperationAuthor = OperationAuthor()
        ) {
            self.resetPosition = resetPosition
            self.startPosition = startPosition
            self.startTime = startTime
            self.operation = operation
            self.rateLimit = rateLimit
            self.selection = selection
            self.author = author
        }

        /// Whether it handles only some events again, on the rows that there are.
        public var isPartial: Bool { startPosition > .start || !selection.isAll }

        /// The last position it comes to.
        public var endPosition: Position {
            selection.end.map { min($0, resetPosition) } ?? resetPosition
        }

        /// Makes a replay into new rows beside those in use: whatever it comes to, the group has
        /// decided before.
        public init(
            shadowOf operation: EventID,
            startTime: Timestamp,
            rateLimit: Int?,
            author: OperationAuthor = OperationAuthor()
        ) {
            self.init(
                resetPosition: Replay.shadowResetPosition,
                startPosition: .start,
                startTime: startTime,
                operation: operation,
                rateLimit: rateLimit,
                author: author
            )
        }

        /// Behind whatever there can be.
        private static let shadowResetPosition = Position(1 << 60)

        /// Whether it makes new rows beside those in use.
        public var isShadow: Bool { resetPosition == Replay.shadowResetPosition }
    }

    /// The last position decided.
    public private(set) var position: Position
    /// The replay under way, where there is one.
    public private(set) var replay: Replay?

    /// Makes a token.
    public init(position: Position = .start, replay: Replay? = nil) {
        self.position = position
        self.replay = replay
    }

    /// Whether the event at a position was decided before the reset.
    public func isReplay(_ position: Position) -> Bool {
        replay.map { position <= $0.resetPosition } ?? false
    }

    /// The last position that was ever decided: a partial replay decides none anew.
    public var decidedPosition: Position {
        guard let replay, replay.isPartial else { return position }
        return max(position, replay.resetPosition)
    }

    /// Whether the replay has reached everything that it is to handle again.
    public var hasReplayedAll: Bool {
        replay.map { position >= $0.endPosition } ?? false
    }

    /// Moves on to a later position.
    public mutating func advance(to position: Position) {
        precondition(position >= self.position, "A token never moves back by advancing.")
        self.position = position
    }

    /// Ends the replay, which has replayed all; the token is where it was at the reset, or beyond.
    public mutating func endReplay() {
        guard let replay, hasReplayedAll else {
            preconditionFailure("A replay ends when it has replayed all.")
        }
        position = max(position, replay.resetPosition)
        self.replay = nil
    }

    /// The token of a group of which only what it did up to a position counts.
    func limited(to ancestor: Position) -> TrackingToken {
        var limited = self
        limited.position = min(position, ancestor)
        if let replay {
            limited.replay?.resetPosition = min(replay.resetPosition, ancestor)
            limited.replay?.startPosition = min(replay.startPosition, ancestor)
        }
        return limited
    }

    /// Lets the replay go on as fast as it can.
    mutating func liftRateLimit() {
        replay?.rateLimit = nil
    }

    /// The token after a reset to the place before `start`'s next event.
    ///
    /// A reset during a replay keeps the first reset's position: what was decided before stays
    /// decided.
    public func reset(
        after start: Position,
        at time: Timestamp,
        by operation: EventID,
        rateLimit: Int?,
        selection: ReplaySelection = ReplaySelection(),
        author: OperationAuthor = OperationAuthor()
    ) -> TrackingToken {
        TrackingToken(
            position: start,
            replay: Replay(
                resetPosition: max(replay?.resetPosition ?? position, position),
                startPosition: start,
                startTime: time,
                operation: operation,
                rateLimit: rateLimit,
                selection: selection,
                author: author
            )
        )
    }
}
