import EventModel
import EventStorage
import JSON

/// Writes events as CloudEvents 1.0 in JSON, one a line.
///
/// The attributes stand in the order specversion, id, source, type, subject, time,
/// datacontenttype, revision (unless 1), tags (unless none), the others, and data. An event that
/// was imported gets the attributes back that ``CloudEventReader`` kept in its metadata; one that
/// was not has Recount's own source and the event id as its id, and its metadata as the text of
/// the attribute `metadata`.
struct CloudEventWriter: ~Copyable {
    /// What has been written and not been taken away.
    private(set) var output = JSONWriter()
    private var parser = JSONParser()
    private let identity = CloudEventIdentity()

    /// Forgets everything written but keeps the room for it.
    mutating func removeAll() {
        output.removeAll()
    }

    /// Writes one event as a line.
    mutating func append(_ event: borrowing EventView) {
        output.beginObject()
        output.member("specversion", "1.0")
        let isImported = CloudEventWriter.writeImported(event, &parser, identity, to: &output)
        if !isImported { writeOwn(event) }
        writePayload(event.payload)
        output.endObject()
        output.lineBreak()
    }

    /// Writes the attributes of an event that was imported; false where it was not.
    private static func writeImported(
        _ event: borrowing EventView,
        _ parser: inout JSONParser,
        _ identity: borrowing CloudEventIdentity,
        to output: inout JSONWriter
    ) -> Bool {
        guard !event.metadata.isEmpty, let metadata = try? parser.parse(event.metadata),
            let id = metadata.member("id"), let source = metadata.member("source"),
            identity.isIdentity(of: event.id, source, id)
        else { return false }
        output.key("id")
        output.raw(id.rawBytes)
        output.key("source")
        output.raw(source.rawBytes)
        output.writeNames(event)
        output.key("time")
        if let time = metadata.member("time") {
            output.raw(time.rawBytes)
        } else {
            output.string(event.eventTime.description)
        }
        output.writeForm(event)
        var members = metadata.members
        while let member = members.next() {
            let key = member.key
            if key.isString(equalTo: "id") || key.isString(equalTo: "source")
                || key.isString(equalTo: "time")
            {
                continue
            }
            output.key(key.string ?? "")
            output.raw(member.value.rawBytes)
        }
        return true
    }

    private mutating func writeOwn(_ event: borrowing EventView) {
        output.member("id", event.id.description)
        output.member("source", CloudEventIdentity.ownSource)
        output.writeNames(event)
        output.member("time", event.eventTime.description)
        output.writeForm(event)
        guard !event.metadata.isEmpty else { return }
        event.metadata.withUnsafeBytes { metadata in
            if let text = String(validating: metadata, as: UTF8.self) {
                output.member("metadata", text)
            } else {
                output.key("metadatabase64")
                output.string(utf8: Base64.encoded(metadata).span)
            }
        }
    }

    private mutating func writePayload(_ payload: RawSpan) {
        if payload.isEmpty { return }
        if CloudEventWriter.canStandInLine(payload, &parser) {
            output.key("data")
            payload.withUnsafeBytes { output.raw($0.bindMemory(to: UInt8.self).span) }
        } else {
            output.key("data_base64")
            payload.withUnsafeBytes { output.string(utf8: Base64.encoded($0).span) }
        }
    }

    /// Whether an import finds exactly these bytes where they stand as a value in a line.
    private static func canStandInLine(_ payload: RawSpan, _ parser: inout JSONParser) -> Bool {
        let isOneLine = payload.withUnsafeBytes { bytes in
            guard let first = bytes.first, let last = bytes.last else { return false }
            return first > 0x20 && last > 0x20 && !bytes.contains(0x0A) && !bytes.contains(0x0D)
        }
        guard isOneLine else { return false }
        // The line is one level around the payload.
        parser.options.depthMax -= 1
        defer { parser.options.depthMax += 1 }
        return (try? parser.parse(payload)) != nil
    }
}

extension CloudEventIdentity {
    /// Whether an event id is the one that source and id give.
    fileprivate func isIdentity(
        of event: EventID,
        _ source: borrowing JSONView,
        _ id: borrowing JSONView
    ) -> Bool {
        if let source = source.plainStringBytes, let id = id.plainStringBytes {
            return eventID(source: source, id: id) == event
        }
        guard let source = source.string, let id = id.string else { return false }
        return eventID(source: source.utf8.span, id: id.utf8.span) == event
    }
}

extension JSONWriter {
    /// Writes type and stream.
    fileprivate mutating func writeNames(_ event: borrowing EventView) {
        key("type")
        event.type.withUnsafeBytes { string(utf8: $0.bindMemory(to: UInt8.self).span) }
        key("subject")
        event.stream.withUnsafeBytes { string(utf8: $0.bindMemory(to: UInt8.self).span) }
    }

    /// Writes content type, revision and tags.
    fileprivate mutating func writeForm(_ event: borrowing EventView) {
        member("datacontenttype", event.contentType)
        if event.revision != 1 { member("revision", event.revision) }
        let tags = event.tags
        if !tags.isEmpty { member("tags", TagList.text(tags)) }
    }
}
