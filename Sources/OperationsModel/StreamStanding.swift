public import EventModel

/// Whether the rows of a group show everything that happened in a stream, and why not.
public struct StreamStanding: Hashable, Sendable {
    /// The group.
    public var group: String
    /// The stream.
    public var stream: StreamName
    /// The position of the stream's last event.
    public var lastPosition: Position
    /// How the group stands; of several segments, that of the stream.
    public var processor: ProcessorStatus
    /// What names the stream's sequence in the group.
    public var sequenceKey: String
    /// The segment of the group that the sequence is in; nothing where the group never ran.
    public var segment: SegmentStatus?
    /// The dead letters of the sequence; nothing where it has none.
    public var letters: DeadLetterSequence?
    /// Why the rows do not show everything, the first cause first; empty where they do.
    public var causes: [String]
    /// What to do about it; nothing where the rows show everything, or soon will.
    public var remedy: String?

    /// Whether the rows show the stream's last event.
    public var isCurrent: Bool { causes.isEmpty }

    /// Makes a standing from its parts.
    public init(
        group: String,
        stream: StreamName,
        lastPosition: Position,
        processor: ProcessorStatus,
        sequenceKey: String,
        segment: SegmentStatus? = nil,
        letters: DeadLetterSequence?,
        causes: [String],
        remedy: String?
    ) {
        self.group = group
        self.stream = stream
        self.lastPosition = lastPosition
        self.processor = processor
        self.sequenceKey = sequenceKey
        self.segment = segment
        self.letters = letters
        self.causes = causes
        self.remedy = remedy
    }
}
