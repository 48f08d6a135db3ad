public import EventStorage

/// How a log is made.
public struct LogOptions: Hashable, Sendable {
    /// The bytes of each log file.
    public let fileSize: Int
    /// The bytes that a payload may have.
    public let payloadSizeMax: Int

    /// Makes options; a number outside its range is brought to the nearest inside.
    public init(
        fileSize: Int = 64 << 20,
        payloadSizeMax: Int = StoreLimits.payloadSizeMax
    ) {
        self.init(
            testing: fileSize.clamped(to: LogOptions.fileSizes),
            payloadSizeMax: payloadSizeMax
        )
    }

    /// Makes options for tests, which also need small files; an append must fit into one.
    package init(
        testing fileSize: Int,
        payloadSizeMax: Int = StoreLimits.payloadSizeMax
    ) {
        self.fileSize = fileSize.clamped(to: LogOptions.fileSizesReadable)
        self.payloadSizeMax = payloadSizeMax.clamped(to: 1...StoreLimits.payloadSizeLimit)
    }

    /// The sizes a log file may have.
    public static let fileSizes = 32 << 20...1 << 30

    /// The sizes of log files that can be read, those of tests among them.
    static let fileSizesReadable = 8 << 10...1 << 30
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
