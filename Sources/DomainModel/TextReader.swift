import JSON

/// Why a text is not handed to SQLite as JSON, or not taken from it.
struct UnreadableText: Error {
    /// What is wrong and at which byte, as a clause.
    let reason: String
}

/// Reads JSON texts as strictly as it takes for SQLite to find in them what everybody else finds.
///
/// SQLite itself takes the first of two equal keys, ends a string at U+0000, makes a number that is
/// too large infinite, and does not look at surrogates or at the encoding.
struct TextReader: ~Copyable {
    private static let options = JSONOptions(depthMax: JSONOptions.depthLimit)
    /// A parser for a longer text is not kept, since its memory grows with the text.
    private static let keptSizeMax = 1 << 20

    private var parser = JSONParser(options: options)

    /// Checks a text completely.
    mutating func read(_ text: RawSpan) throws(UnreadableText) -> JSONKind {
        defer {
            if text.byteCount > TextReader.keptSizeMax {
                parser = JSONParser(options: TextReader.options)
            }
        }
        let pitfall: (pitfall: JSONPitfall, byteOffset: Int)?
        let kind: JSONKind
        do throws(JSONError) {
            let view = try parser.parse(text)
            (kind, pitfall) = (view.kind, view.firstPitfall)
        } catch {
            throw UnreadableText(reason: error.description)
        }
        guard let pitfall else { return kind }
        throw UnreadableText(reason: "\(pitfall.pitfall) (at byte \(pitfall.byteOffset))")
    }
}
