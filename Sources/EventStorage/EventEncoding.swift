package import EventModel

/// The bytes of one event, as stores keep it and as they exchange it.
///
/// Little-endian; a *variable* number is LEB128, seven bits a byte, lowest first; *counted* is a
/// variable number of bytes and then the bytes. Position and recorded time are not in it: they
/// belong to the place where the event stands.
///
/// | field | form | present |
/// | --- | --- | --- |
/// | length of all | 4 bytes | always |
/// | flags | 1 byte | always |
/// | id | 16 bytes, big-endian | always |
/// | sequence | variable | always |
/// | revision | variable | always |
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
        static let all: Flags = [.eventTime, .contentType, .tags]
    }

    /// Appends the encoding of an event and returns its length.
    @discardableResult
    package static func append(
        _ event: PendingEvent,
        stream: StreamName,
        sequence: Sequence,
        to bytes: inout [UInt8]
    ) -> Int {
        let start = bytes.count
        var flags: Flags = []
        if event.eventTime != nil { flags.insert(.eventTime) }
        if event.contentType != PendingEvent.contentTypeJSON { flags.insert(.contentType) }
        if !event.tags.isEmpty { flags.insert(.tags) }
        bytes.append(littleEndian: UInt32(0))
        bytes.append(flags.rawValue)
        bytes.append(littleEndian: event.id.high.byteSwapped)
        bytes.append(littleEndian: event.id.low.byteSwapped)
        bytes.append(variable: sequence.number)
        bytes.append(variable: UInt64(event.revision))
        if let time = event.eventTime {
            bytes.append(littleEndian: UInt64(bitPattern: time.microseconds))
        }
        bytes.append(counted: stream.text)
        bytes.append(counted: event.type.text)
        if flags.contains(.contentType) { bytes.append(counted: event.contentType) }
        if flags.contains(.tags) {
            let size = event.tags.reduce(0) {
                $0 + [UInt8].countedSize(of: $1.key) + [UInt8].countedSize(of: $1.value)
            }
            bytes.append(variable: UInt64(size))
            for tag in event.tags {
                bytes.append(counted: tag.key)
                bytes.append(counted: tag.value)
            }
        }
        bytes.append(variable: UInt64(event.metadata.count))
        bytes.append(contentsOf: event.metadata)
        bytes.append(contentsOf: event.payload)
        bytes.replace(littleEndian: UInt32(bytes.count - start), at: start)
        return bytes.count - start
    }
}
