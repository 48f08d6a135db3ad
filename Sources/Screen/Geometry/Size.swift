/// How many columns and rows something has, in cells.
public struct Size: Hashable, Sendable, CustomStringConvertible {
    /// The number of columns, never negative.
    public let width: Int
    /// The number of rows, never negative.
    public let height: Int

    /// Makes a size; negative lengths count as 0.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// Reads a size as it is written on a command line: `120x30`.
    ///
    /// Nothing where the text has another form or a length is not between 1 and 1,000.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
            (1...1000).contains(width), (1...1000).contains(height)
        else { return nil }
        self.init(width: width, height: height)
    }

    /// The number of cells.
    public var area: Int { width * height }

    /// The size as it is written on a command line.
    public var description: String { "\(width)x\(height)" }
}
