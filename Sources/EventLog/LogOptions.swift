/// How a log is made.
public struct LogOptions: Hashable, Sendable {
    /// The bytes of each log file.
    public var fileSize: Int

    /// Makes options; a size outside ``fileSizes`` is brought to the nearest inside.
    public init(fileSize: Int = 64 << 20) {
        let range = LogOptions.fileSizes
        self.fileSize = min(max(fileSize, range.lowerBound), range.upperBound)
    }

    /// The sizes a log file may have.
    ///
    /// Those too small for the largest batch are for tests: a
    /// batch that does not fit into a file is refused.
    public static let fileSizes = 64 << 10...1 << 30
}
