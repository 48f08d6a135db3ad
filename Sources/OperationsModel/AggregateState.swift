public import EventModel

/// A point in the history of an aggregate.
public enum StatePoint: Hashable, Sendable {
    /// After the last event.
    case head
    /// After the event with this sequence.
    case sequence(Sequence)
    /// After the last event whose position is at most this.
    case position(Position)
    /// After the last event whose event time is at most this.
    case time(Timestamp)
}

/// The state of an aggregate at one point of its history.
public struct AggregateState: Hashable, Sendable {
    /// One line of a state laid out for reading.
    public struct Line: Hashable, Sendable {
        /// How deep the line is nested, from 0.
        public var depth: Int
        /// The text without indentation.
        public var text: String
        /// The field the line shows, such as `lines[2].price`; empty for a lone bracket.
        public var path: String

        /// Makes a line from its parts.
        public init(depth: Int, text: String, path: String) {
            self.depth = depth
            self.text = text
            self.path = path
        }
    }

    /// The aggregate's stream.
    public var stream: StreamName
    /// The last event that went in; nothing where the stream did not exist yet.
    public var last: EventSummary?
    /// The state as compact JSON; nothing where the stream did not exist yet.
    public var json: [UInt8]?
    /// The state laid out for reading.
    public var lines: [Line]
    /// The sequence of the snapshot the fold started from.
    public var snapshotSequence: Sequence?
    /// Where the fold rules come from: the program, the model file, or the merge of payloads.
    public var rules: String

    /// Makes a state from its parts.
    public init(
        stream: StreamName,
        last: EventSummary?,
        json: [UInt8]?,
        lines: [Line],
        snapshotSequence: Sequence?,
        rules: String
    ) {
        self.stream = stream
        self.last = last
        self.json = json
        self.lines = lines
        self.snapshotSequence = snapshotSequence
        self.rules = rules
    }
}

/// One field in which two states differ.
public struct FieldDifference: Hashable, Sendable {
    /// The field, such as `lines[2].price`; empty where the whole state differs.
    public var path: String
    /// The value before, as JSON; nothing where the field was added.
    public var before: String?
    /// The value after, as JSON; nothing where the field was removed.
    public var after: String?

    /// Makes a difference from its parts.
    public init(path: String, before: String?, after: String?) {
        self.path = path
        self.before = before
        self.after = after
    }
}
