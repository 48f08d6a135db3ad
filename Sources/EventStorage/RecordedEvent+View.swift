public import EventModel

extension RecordedEvent {
    /// Shows the event as stores show theirs; the view is valid only during the call.
    public func withView<Result, Failure: Error>(
        _ body: (borrowing EventView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes: [UInt8] = []
        EventEncoding.append(pending, stream: stream, sequence: sequence, to: &bytes)
        guard
            let view = try? EventView(
                encoded: bytes.span.bytes,
                position: position,
                recordedTime: recordedTime
            )
        else { preconditionFailure("An event that was encoded can be decoded.") }
        return try body(view)
    }
}
