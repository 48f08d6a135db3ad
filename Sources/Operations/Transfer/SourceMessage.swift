/// What the thread that reads a source tells the one that imports.
enum SourceMessage: Sendable {
    /// The source is open and has that many bytes, as far as it tells.
    case opened(size: Int?)
    /// Events that follow those of the batch before.
    case batch(ImportBatch)
    /// No more lines come, and why, where this is not the end of the source; the number is that
    /// of the line that would have come next.
    case end(SourceDefect?, line: Int)
}
