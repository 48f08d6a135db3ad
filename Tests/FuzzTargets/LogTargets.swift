import EventModel
import EventStorage

@testable import EventLog

func decodeEvent(_ bytes: [UInt8]) {
    let time = Timestamp(microseconds: 7)
    guard
        let event = try? EventView(
            encoded: bytes.span.bytes,
            position: .start.next,
            recordedTime: time
        ).recorded
    else { return }
    let pending = PendingEvent(
        id: event.id,
        type: event.type,
        revision: event.revision,
        eventTime: event.eventTime,
        tags: event.tags,
        contentType: event.contentType,
        metadata: event.metadata,
        payload: event.payload
    )
    var encoded: [UInt8] = []
    EventEncoding.append(pending, stream: event.stream, sequence: event.sequence, to: &encoded)
    let again = try? EventView(
        encoded: encoded.span.bytes,
        position: .start.next,
        recordedTime: time
    ).recorded
    precondition(again == event, "An event is read again as it was encoded.")
}

func decodeLogFileHeader(_ bytes: [UInt8]) {
    var file = Array(bytes.prefix(LogFormat.fileHeaderSize))
    file += [UInt8](repeating: 0, count: LogFormat.fileHeaderSize - file.count)
    let checksum = LogFileHeader.checksum(of: file.span.bytes)
    file.replace(littleEndian: checksum, at: 0)
    guard let header = try? LogFileHeader(file.span.bytes, path: "") else { return }
    let encoded = header.encoded
    let again = try? LogFileHeader(encoded.span.bytes, path: "")
    precondition(again == header, "A header is read again as it was encoded.")
}

func decodeManifest(_ bytes: [UInt8]) {
    guard let manifest = try? StoreManifest(bytes, path: "") else { return }
    let again = try? StoreManifest(manifest.encoded, path: "")
    precondition(again == manifest, "A manifest is read again as it was written.")
}
