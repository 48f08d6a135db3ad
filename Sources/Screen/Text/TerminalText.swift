/// Text as a terminal may show it, and how many cells it takes.
///
/// Everything that comes from outside (payloads, names, reasons) passes through here before it
/// reaches a terminal. A ``Frame`` does so with all it draws; tables, progress lines and error
/// messages that are printed without a frame call ``sanitized(_:)-(String)``. The rules are those
/// of the table in `ClusterReader`: what is not plainly visible is spelled out.
public enum TerminalText {
    /// The text with everything spelled out that a terminal could obey or hide.
    ///
    /// The result has one line, no control characters, and is stable: sanitizing it again changes
    /// nothing.
    public static func sanitized(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                return String(decoding: bytes, as: UTF8.self)
            }
            return sanitized(bytes.span)
        }
    }

    /// The bytes as text with everything spelled out that a terminal could obey or hide.
    ///
    /// Bytes that are not UTF-8 become `\xNN`.
    public static func sanitized(_ bytes: [UInt8]) -> String {
        sanitized(bytes.span)
    }

    /// The number of cells that a text takes when it is shown.
    public static func width(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return bytes.count }
            var reader = ClusterReader(bytes.span)
            var width = 0
            while let cluster = reader.next() { width += cluster.width }
            return width
        }
    }

    /// The text made exactly that many cells wide: cut with an ellipsis or padded with spaces.
    public static func fitted(
        _ text: String,
        to width: Int,
        alignment: TextAlignment = .left,
        glyphs: GlyphSet = .full
    ) -> String {
        var shown = clipped(text, to: width, glyphs: glyphs)
        let spare = max(0, width - Self.width(shown))
        let before = alignment.spaceBefore(spare)
        shown = String(repeating: " ", count: before) + shown
        return shown + String(repeating: " ", count: spare - before)
    }

    /// The text sanitized and cut to at most that many cells, the last one an ellipsis.
    public static func clipped(_ text: String, to width: Int, glyphs: GlyphSet = .full) -> String {
        var text = text
        return text.withUTF8 { bytes in
            let plan = ClipPlan(bytes.span, limit: width)
            var result = String.UnicodeScalarView()
            var reader = ClusterReader(bytes.span)
            for _ in 0..<plan.clusterCount {
                guard let cluster = reader.next() else { break }
                result.append(cluster)
            }
            if plan.isCut { result.append(Glyph.ellipsis.scalar(in: glyphs)) }
            return String(result)
        }
    }

    /// The text sanitized and broken into lines of at most that many cells.
    ///
    /// Lines break at spaces where that is possible, and between characters where it is not. Line
    /// feeds in the text start a new line too; an empty text is one empty line.
    public static func wrapped(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { wrappedLine(String($0), width: width) }
    }

    private static func sanitized(_ bytes: Span<UInt8>) -> String {
        var reader = ClusterReader(bytes)
        var result = String.UnicodeScalarView()
        while let cluster = reader.next() { result.append(cluster) }
        return String(result)
    }

    private static func wrappedLine(_ line: String, width: Int) -> [String] {
        var lines: [String] = []
        var current: [Cluster] = []
        var currentWidth = 0
        var line = line
        line.withUTF8 { bytes in
            var reader = ClusterReader(bytes.span)
            while let cluster = reader.next() {
                if currentWidth + cluster.width > width, !current.isEmpty {
                    let space = cluster.isSpace ? nil : current.lastIndex(where: \.isSpace)
                    let end = space ?? current.endIndex
                    lines.append(String(current[..<end]))
                    current.removeFirst(space == nil ? end : end + 1)
                    currentWidth = current.reduce(0) { $0 + $1.width }
                    if cluster.isSpace { continue }
                }
                current.append(cluster)
                currentWidth += cluster.width
            }
        }
        return lines + [String(current[...])]
    }
}

extension Cluster {
    fileprivate var isSpace: Bool { base == 0x20 }
}

extension String {
    fileprivate init(_ clusters: ArraySlice<Cluster>) {
        var scalars = String.UnicodeScalarView()
        for cluster in clusters { scalars.append(cluster) }
        self.init(scalars)
    }
}

extension TextAlignment {
    /// How much of the space that is left goes before the text.
    func spaceBefore(_ spare: Int) -> Int {
        switch self {
        case .left: 0
        case .center: max(0, spare) / 2
        case .right: max(0, spare)
        }
    }
}

extension String.UnicodeScalarView {
    /// Appends a character and its marks.
    mutating func append(_ cluster: Cluster) {
        for value in [cluster.base, cluster.marks.first, cluster.marks.second, cluster.marks.third]
        where value != 0 {
            if let scalar = Unicode.Scalar(value) { append(scalar) }
        }
    }
}
