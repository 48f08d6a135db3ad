package import EventModel

/// The bytes of one event, as stores keep it.
///
/// Little-endian; a *variable* number is LEB128, seven bits a byte, lowest first; *counted* is a
/// variable number of bytes and then the bytes. Position, recorded time and the number of all these
/// bytes are not in it: they belong to the place where the event stands.
///
/// | field | form | present |
/// | --- | --- | --- |
/// | flags | 1 byte | always |
/// | id | 16 bytes, big-endian | always |
/// | sequence | variable | always |
/// | revision | variable | flag 8; else it is 1 |
/// | event time | 8 bytes | flag 1; else it is the recorded time |
/// | stream | counted | always |
/// | type | counted | always |
/// | content type | counted | flag 2; else it is `application/json` |
/// | tags | counted, of counted key and counted value | flag 4 |
/// | metadata | counted | always |
/// | payload | the rest | always |
package enum EventEncoding {
    /// Which optional fields an event has.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        static let eventTime = Flags(rawValue: 1)
        static let contentType = Flags(rawValue: 2)
        static let tags = Flags(rawValue: 4)
        static let revision = Flags(rawValue: 8)
        static let all: Flags = [.eventTime, .contentType, .tags, .revision]

        /// The fields in which an event differs from most.
        fileprivate init(_ event: PendingEvent) {
            self = []
            if event.eventTime != nil { insert(.eventTime) }
            if event.contentType != PendingEvent.contentTypeJSON { insert(.contentType) }
            if !event.tags.isEmpty { insert(.tags) }
            if event.revision != 1 { insert(.revision) }
        }
    }

    /// The bytes of an event's encoding.
    package static func size(
        of event: PendingEvent,
        stream: StreamName,
        sequence: Sequence
    ) -> Int {
        let flags = Flags(event)
        var size = 1 + 16 + variableSize(sequence.number)
        if flags.contains(.revision) { size += variableSize(UInt64(event.revision)) }
        if flags.contains(.eventTime) { size += 8 }
        size += countedSize(stream.text.utf8.count)
        size += countedSize(event.type.text.utf8.count)
        if flags.contains(.contentType) {
            size += countedSize(event.contentType.utf8.count)
        }
        if flags.contains(.tags) { size += countedSize(tagsSize(event.tags)) }
        size += countedSize(event.metadata.count)
        return size + event.payload.count
    }

    /// Appends the encoding of an event, for which there is room.
    package static func append(
        _ event: PendingEvent,
        stream: StreamName,
        sequence: Sequence,
        to output: inout OutputSpan<UInt8>
    ) {
        let flags = Flags(event)
        output.append(flags.rawValue)
        output.append(littleEndian: event.id.high.byteSwapped)
        output.append(littleEndian: event.id.low.byteSwapped)
        output.append(variable: sequence.number)
        if flags.contains(.revision) {
            output.append(variable: UInt64(event.revision))
        }
        if let time = event.eventTime {
            output.append(littleEndian: UInt64(bitPattern: time.microseconds))
        }
        output.append(counted: stream.text.utf8.span.bytes)
        output.append(counted: event.type.text.utf8.span.bytes)
        if flags.contains(.contentType) {
            output.append(counted: event.contentType.utf8.span.bytes)
        }
        if flags.contains(.tags) {
            output.append(variable: UInt64(tagsSize(event.tags)))
            for tag in event.tags {
                output.append(counted: tag.key.utf8.span.bytes)
                output.append(counted: tag.value.utf8.span.bytes)
            }
        }
        output.append(counted: event.metadata.span.bytes)
        output.append(bytes: event.payload.span.bytes)
    }

    /// Appends the encoding of an event.
    package static func append(
        _ event: PendingEvent,
        stream: StreamName,
        sequence: Sequence,
        to bytes: inout [UInt8]
    ) {
        let size = size(of: event, stream: stream, sequence: sequence)
        bytes.append(addingCapacity: size) { output in
            append(event, stream: stream, sequence: sequence, to: &output)
        }
    }

    private static func tagsSize(_ tags: [EventTag]) -> Int {
        tags.reduce(0) { $0 + countedSize($1.key.utf8.count) + countedSize($1.value.utf8.count) }
    }

    private static func countedSize(_ size: Int) -> Int {
        variableSize(UInt64(size)) + size
    }

    /// The bytes of a variable number.
    private static func variableSize(_ value: UInt64) -> Int {
        max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }
}
