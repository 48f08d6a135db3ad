import EventStorage

/// What a log accepts at most.
struct LogLimits: Hashable, Sendable {
    /// The bytes of a payload.
    var payloadSizeMax: Int
    /// The bytes of a log file.
    var fileSize: Int

    /// Whether the events of an append, encoded, are too much for one record.
    func exceeds(size: Int, eventCount: Int) -> Bool {
        eventCount > 1 && size > StoreLimits.batchSizeMax
            || LogFormat.recordLength(bodyOf: size) > fileSize - LogFormat.fileHeaderSize
    }
}
