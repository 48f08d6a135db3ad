import Glibc
public import JSON
import Operations

/// Where a verb writes to: buffered, and sanitized where it is text.
public final class CommandOutput {
    private static let bufferSize = 1 << 16

    private let descriptor: Int32
    private let output: OutputDescriptor
    private var buffer: [UInt8] = []
    /// Whether a person is looking at it.
    public let isTerminal: Bool

    /// Makes an output to an open descriptor, which stays open.
    public init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        output = OutputDescriptor(descriptor, name: name)
        isTerminal = isatty(descriptor) == 1
    }

    /// The cells of a line of the terminal; nothing where the output is none.
    public var width: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a line of text, in which nothing is left that a terminal would obey.
    public func line(_ text: String = "") throws {
        try write(SafeText.sanitized(text))
        try write("\n")
    }

    /// Writes an object as one line of JSON.
    ///
    /// JSON needs no sanitizing: control characters are escaped in it, and who reads it is a
    /// program.
    public func object(_ body: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter(appendingTo: buffer)
        buffer = []
        writer.beginObject()
        body(&writer)
        writer.endObject()
        writer.lineBreak()
        buffer = writer.finish()
        try flushIfFull()
    }

    /// Writes text as it is, which must be safe.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        try flushIfFull()
    }

    /// Hands everything written to the operating system.
    public func flush() throws {
        if buffer.isEmpty { return }
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try output.write(bytes.span)
    }

    private func flushIfFull() throws {
        if buffer.count >= CommandOutput.bufferSize { try flush() }
    }
}
