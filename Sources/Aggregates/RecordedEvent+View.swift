public import EventModel
public import EventStorage

extension RecordedEvent {
    /// Shows the event as stores show theirs; the view is valid only during the call.
    public func withView<Result>(
        _ body: (borrowing EventView) throws -> Result
    ) throws -> Result {
        var bytes: [UInt8] = []
        EventEncoding.append(
            PendingEvent(
                id: id,
                type: type,
                revision: revision,
                eventTime: eventTime,
                tags: tags,
                contentType: contentType,
                metadata: metadata,
                payload: payload
            ),
            stream: stream,
            sequence: sequence,
            to: &bytes
        )
        let view = try EventView(
            encoded: bytes.span.bytes,
            position: position,
            recordedTime: recordedTime
        )
        return try body(view)
    }
}
