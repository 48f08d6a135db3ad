import DomainModel
import EventModel
import EventStorage
import JSON
import YAML

@testable import Operations

func decodeEventID(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let id = EventID(text) else { return }
    precondition(id.description == text.lowercased(), "An id is written as it was read.")
}

func decodeEventTag(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let tag = EventTag(text) else { return }
    precondition(tag.description.utf8.elementsEqual(text.utf8), "A tag is written as it was read.")
}

func decodeTimestamp(_ bytes: [UInt8]) {
    guard let time = Timestamp(rfc3339: bytes.span) else { return }
    precondition(Timestamp(time.description) == time, "A time is read again as it was written.")
}

func decodeJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    var writer = JSONWriter()
    writer.value(value)
    let text = writer.finish()
    let again = try? JSONValue(parsing: text)
    precondition(again == value, "A JSON value is read again as it was written.")
}

func decodeYAML(_ bytes: [UInt8]) {
    _ = try? YAMLNode(parsing: bytes)
}

func decodeModel(_ bytes: [UInt8]) {
    _ = try? DomainModel(parsing: bytes, file: "recount.yaml")
}

/// Reads a line, writes the event, and reads that line.
func decodeCloudEvent(_ bytes: [UInt8]) {
    var reader = CloudEventReader()
    guard let entry = try? reader.entry(bytes.span) else { return }
    var encoded: [UInt8] = []
    EventEncoding.append(entry.event, stream: entry.stream, sequence: .first, to: &encoded)
    let time = Timestamp(microseconds: 0)
    var writer = CloudEventWriter()
    do {
        writer.append(
            try EventView(encoded: encoded.span.bytes, position: .start.next, recordedTime: time)
        )
    } catch {
        preconditionFailure("An event is read as it was encoded.")
    }
    let line = Array(writer.output.bytes.dropLast())
    guard let again = try? reader.entry(line.span) else {
        preconditionFailure("A line is read as it was written.")
    }
    precondition(again.stream == entry.stream, "An event keeps its stream.")
    precondition(again.event.id == entry.event.id, "An event keeps its identity.")
    precondition(again.event.type == entry.event.type, "An event keeps its type.")
    precondition(again.event.payload == entry.event.payload, "An event keeps its payload.")
}
