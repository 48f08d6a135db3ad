import EventModel
import EventStorage
import JSON

/// Turns lines with CloudEvents 1.0 in JSON into events.
///
/// `subject` becomes the stream, `type` the type, `revision` (1 where absent) the revision, `time`
/// the event time, `datacontenttype` the content type, and `data` byte for byte the payload, or
/// the decoded `data_base64`. `tags` becomes the tags where it has the form of ``TagList``.
///
/// `source` and `id` become the event id (``CloudEventIdentity``). The metadata is an object with
/// `id`, `source`, the text of `time` where writing the time would give another one, and then all
/// other attributes in the order of the line, every value byte for byte.
///
/// An event with Recount's own source and a UUID as its id has exactly that event id, and its
/// metadata is the text in its attribute `metadata`, or the bytes in `metadatabase64`.
struct CloudEventReader: ~Copyable {
    private var parser = JSONParser()
    private let identity = CloudEventIdentity()

    /// Reads one line.
    mutating func entry(_ line: Span<UInt8>) throws(LineDefect) -> AppendRequest.Entry {
        let attributes = try CloudEventReader.attributes(of: line, with: &parser)
        guard attributes.hasSpecificationVersion else {
            throw LineDefect(.missingAttribute("specversion"))
        }
        guard let id = attributes.id else { throw LineDefect(.missingAttribute("id")) }
        guard let source = attributes.source else {
            throw LineDefect(.missingAttribute("source"))
        }
        guard let type = attributes.type else { throw LineDefect(.missingAttribute("type")) }
        guard let stream = attributes.stream else {
            throw LineDefect(.missingAttribute("subject"))
        }
        let ownID = CloudEventReader.ownID(id, source, in: line)
        let event = PendingEvent(
            id: ownID ?? eventID(id, source, in: line),
            type: EventType(type),
            revision: attributes.revision,
            eventTime: attributes.time,
            tags: attributes.tags,
            contentType: attributes.contentType,
            metadata: ownID != nil
                ? attributes.ownMetadata : attributes.metadata(id: id, source: source, in: line),
            payload: try attributes.payload(in: line)
        )
        return AppendRequest.Entry(stream: StreamName(stream), event: event)
    }

    private static func attributes(
        of line: Span<UInt8>,
        with parser: inout JSONParser
    ) throws(LineDefect) -> CloudEventAttributes {
        var attributes = CloudEventAttributes()
        do {
            let event = try parser.parse(line)
            guard event.kind == .object else { throw LineDefect(.notAnObject) }
            var members = event.members
            while let member = members.next() {
                try attributes.take(member.key, member.value)
            }
        } catch let error as JSONError {
            throw LineDefect(.invalidJSON(error.reason), at: error.byteOffset)
        } catch let error as LineDefect {
            throw error
        } catch {
            preconditionFailure("Reading a line throws only its own two errors.")
        }
        return attributes
    }

    private func eventID(
        _ id: CloudEventAttributes.Text,
        _ source: CloudEventAttributes.Text,
        in line: Span<UInt8>
    ) -> EventID {
        source.withBytes(in: line) { source in
            id.withBytes(in: line) { id in identity.eventID(source: source, id: id) }
        }
    }

    /// The event id that an event with Recount's own source carries as its id.
    private static func ownID(
        _ id: CloudEventAttributes.Text,
        _ source: CloudEventAttributes.Text,
        in line: Span<UInt8>
    ) -> EventID? {
        guard source.string(in: line) == CloudEventIdentity.ownSource else { return nil }
        let text = id.string(in: line)
        return EventID(text).flatMap { $0.description == text ? $0 : nil }
    }
}

extension CloudEventAttributes {
    fileprivate func payload(in line: Span<UInt8>) throws(LineDefect) -> [UInt8] {
        guard let data else { return binaryData ?? [] }
        guard binaryData == nil else { throw LineDefect(.dataTwice, at: data.lowerBound) }
        var payload: [UInt8] = []
        payload.append(line.extracting(data))
        return payload
    }

    fileprivate func metadata(id: Text, source: Text, in line: Span<UInt8>) -> [UInt8] {
        var metadata: [UInt8] = []
        metadata.reserveCapacity(
            id.raw.count + source.raw.count + (timeText?.count ?? 0) + others.count + 32
        )
        metadata.append(contentsOf: #"{"id":"#.utf8)
        metadata.append(line.extracting(id.raw))
        metadata.append(contentsOf: #","source":"#.utf8)
        metadata.append(line.extracting(source.raw))
        if let timeText {
            metadata.append(contentsOf: #","time":"#.utf8)
            metadata.append(line.extracting(timeText))
        }
        if otherCount > 0 {
            metadata.append(UInt8(ascii: ","))
            metadata.append(contentsOf: others)
        }
        metadata.append(UInt8(ascii: "}"))
        return metadata
    }

    /// The metadata of an event with Recount's own source.
    ///
    /// Attributes that others have added are kept with it.
    fileprivate var ownMetadata: [UInt8] {
        if otherCount == 0 { return [] }
        if otherCount == 1, let metadata { return metadata }
        return [UInt8(ascii: "{")] + others + [UInt8(ascii: "}")]
    }
}

extension CloudEventAttributes.Text {
    fileprivate func withBytes<Result>(
        in line: Span<UInt8>,
        _ body: (Span<UInt8>) -> Result
    ) -> Result {
        if let decoded { return body(decoded.span) }
        return body(line.extracting(raw.lowerBound + 1..<raw.upperBound - 1))
    }

    fileprivate func string(in line: Span<UInt8>) -> String {
        withBytes(in: line) { bytes in
            bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
    }
}
