import EventModel
import EventStorage
import JSON
import Operations

/// Writes events as JSON objects, the same way for every verb.
struct EventObject: ~Copyable {
    private var parser = JSONParser()

    /// Writes one event.
    ///
    /// The payload is `data` where it is JSON and `dataBase64` where it is not; the metadata
    /// likewise. Line feeds, which JSON has only between its parts, become spaces.
    mutating func write(_ event: RecordedEvent, to output: CommandOutput) throws {
        let hasJSONPayload = isJSON(event.payload)
        let hasJSONMetadata = event.metadata.isEmpty || isJSON(event.metadata)
        try output.object { writer in
            writer.member("position", event.position.number)
            writer.member("stream", event.stream.text)
            writer.member("category", event.stream.category.text)
            writer.member("sequence", event.sequence.number)
            writer.member("id", event.id.description)
            writer.member("type", event.type.text)
            writer.member("revision", event.revision)
            writer.member("time", event.eventTime.description)
            writer.member("recordedTime", event.recordedTime.description)
            writer.key("tags")
            writer.beginArray()
            for tag in event.tags { writer.string(tag.description) }
            writer.endArray()
            writer.member("contentType", event.contentType)
            writer.writeValue("metadata", event.metadata, isJSON: hasJSONMetadata)
            writer.writeValue("data", event.payload, isJSON: hasJSONPayload)
        }
    }

    private mutating func isJSON(_ bytes: [UInt8]) -> Bool {
        (try? parser.parse(bytes.span)) != nil
    }
}

extension JSONWriter {
    /// Writes bytes that are JSON as they are, others in base64; no bytes as `null`.
    fileprivate mutating func writeValue(_ name: String, _ bytes: [UInt8], isJSON: Bool) {
        if bytes.isEmpty {
            key(name)
            null()
        } else if isJSON {
            key(name)
            raw(bytes.withoutLineBreaks.span)
        } else {
            key(name + "Base64")
            string(utf8: Base64.encoded(bytes).span)
        }
    }
}

extension [UInt8] {
    /// The bytes with a space for every line feed and carriage return.
    var withoutLineBreaks: [UInt8] {
        contains { $0 == 0x0A || $0 == 0x0D } ? map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 } : self
    }
}

extension RecordedEvent {
    /// The payload on one line; sanitized where it is shown, like any text.
    var payloadText: String {
        String(decoding: payload.withoutLineBreaks, as: UTF8.self)
    }
}
