package import EventModel

/// What an event and its place tell, and where in the encoded event (``EventEncoding``) its fields
/// are; without a reference to the bytes, so that it can be kept.
@usableFromInline package struct EventOutline: Sendable {
    /// The number of the event in the store.
    package let position: Position
    /// When the store committed it.
    package let recordedTime: Timestamp
    package let eventTime: Timestamp
    package let sequence: Sequence
    package let id: EventID
    package let revision: UInt32
    /// Whether the event belongs to Recount itself: its stream's name starts with `$`.
    package let isOfSystemStream: Bool
    let stream: Field
    let type: Field
    let contentType: Field
    let tags: Field
    let metadata: Field
    @usableFromInline let payload: Field

    /// Where a field is in the encoded event, in half the bytes of a range.
    @usableFromInline struct Field: Sendable {
        private let start: UInt32
        @usableFromInline let end: UInt32

        static let absent = Field(0..<0)

        init(_ range: Range<Int>) {
            start = UInt32(range.lowerBound)
            end = UInt32(range.upperBound)
        }

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// Takes an encoded event apart.
    ///
    /// - Parameters:
    ///   - bytes: the event, and nothing else.
    ///   - position: its place in the store, which the encoding does not hold.
    ///   - recordedTime: when it was committed, which the encoding does not hold.
    /// - Throws: ``EventDecodingError`` where the bytes are no event.
    package init(
        of bytes: RawSpan,
        position: Position,
        recordedTime: Timestamp
    ) throws(EventDecodingError) {
        guard bytes.byteCount <= Int(UInt32.max) else { throw EventDecodingError() }
        var reader = EncodingReader(bytes)
        let flags = EventEncoding.Flags(rawValue: try reader.byte())
        guard flags.isSubset(of: .all) else { throw EventDecodingError() }
        self.position = position
        self.recordedTime = recordedTime
        id = EventID(high: try reader.bigEndian64(), low: try reader.bigEndian64())
        sequence = Sequence(try reader.variable())
        let number = flags.contains(.revision) ? try reader.variable() : 1
        guard let revision = UInt32(exactly: number) else { throw EventDecodingError() }
        self.revision = revision
        eventTime =
            flags.contains(.eventTime)
            ? Timestamp(microseconds: Int64(bitPattern: try reader.unsigned64())) : recordedTime
        let stream = try reader.countedRange()
        self.stream = Field(stream)
        isOfSystemStream =
            bytes.extracting(stream).withUnsafeBytes { $0.first == UInt8(ascii: "$") }
        type = Field(try reader.countedRange())
        contentType = flags.contains(.contentType) ? Field(try reader.countedRange()) : .absent
        tags = flags.contains(.tags) ? Field(try reader.countedRange()) : .absent
        let metadata = try reader.countedRange()
        self.metadata = Field(metadata)
        payload = Field(metadata.upperBound..<bytes.byteCount)
    }

    /// The bytes of the encoded event.
    @inlinable package var byteCount: Int { Int(payload.end) }
}
