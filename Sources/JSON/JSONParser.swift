import CSimdJSON

/// Which JSON texts are accepted beyond what RFC 8259 leaves no choice about.
public struct JSONOptions: Hashable, Sendable {
    /// How deeply arrays and objects may be nested; at most ``depthLimit``.
    public var depthMax: Int
    /// Whether an object with the same key twice is refused.
    public var rejectsDuplicateKeys: Bool

    /// The largest depth that can be asked for, since owning values are built recursively.
    public static let depthLimit = 512

    /// Makes options; without arguments, those for text from outside.
    ///
    /// - Precondition: `depthMax` is in `0...depthLimit`.
    public init(depthMax: Int = 64, rejectsDuplicateKeys: Bool = true) {
        precondition(
            (0...JSONOptions.depthLimit).contains(depthMax),
            "The depth must not be negative or above the limit of \(JSONOptions.depthLimit)."
        )
        self.depthMax = depthMax
        self.rejectsDuplicateKeys = rejectsDuplicateKeys
    }
}

/// Parses JSON texts one after the other, each into a view over its own bytes.
///
/// The parser keeps its working memory, about 24 bytes for every byte of the longest text so
/// far at worst, so that parsing allocates nothing once that has grown. Keep one per thread
/// and use it again and again. Where a class keeps it, pass it on as an `inout` parameter to
/// the function that parses, since a view must not outlive the access to a class's property.
public struct JSONParser: ~Copyable {
    private let handle: OpaquePointer
    /// Which texts are accepted.
    public var options: JSONOptions

    /// Makes a parser, which allocates its working memory at first use.
    public init(options: JSONOptions = JSONOptions()) {
        guard let handle = recount_json_parser_create() else {
            preconditionFailure("There is memory left for a JSON parser.")
        }
        self.handle = handle
        self.options = options
    }

    deinit {
        recount_json_parser_destroy(handle)
    }

    /// Checks one text completely and returns its value as a view over the bytes.
    ///
    /// The view can be used for as long as the bytes are there and the parser is not asked
    /// again; the compiler sees to it. Numbers of any size and precision are accepted: only
    /// reading them as a machine number can find them out of range.
    ///
    /// - Throws: the first error found. Invalid UTF-8 and unclosed strings are looked for
    ///   in the whole text before anything else.
    /// - Complexity: O(n) for n bytes; O(n log n) for the keys of objects with many.
    @_lifetime(&self, copy bytes)
    public mutating func parse(_ bytes: Span<UInt8>) throws(JSONError) -> JSONView {
        let options = options
        let handle = handle
        let result = bytes.withUnsafeBufferPointer { buffer in
            recount_json_parser_parse(
                handle,
                buffer.baseAddress,
                buffer.count,
                UInt32(options.depthMax),
                options.rejectsDuplicateKeys
            )
        }
        if result.error != 0 {
            guard let reason = JSONError.Reason(rawValue: result.error) else {
                preconditionFailure("The parser reported an error that has no name.")
            }
            throw JSONError(byteOffset: Int(result.byte_offset), reason: reason)
        }
        let tokens = UnsafeBufferPointer(start: result.tokens, count: Int(result.count))
        // The tokens live in the parser until its next use, which the dependency on `self`
        // rules out while the view exists.
        return JSONView(
            text: bytes,
            tokens: _overrideLifetime(tokens.span, copying: bytes),
            index: 0,
            hasUniqueKeys: options.rejectsDuplicateKeys
        )
    }

    /// Checks one text completely, as ``parse(_:)-(Span<UInt8>)`` does.
    @_lifetime(&self, copy bytes)
    public mutating func parse(_ bytes: RawSpan) throws(JSONError) -> JSONView {
        let text = bytes.withUnsafeBytes { $0.bindMemory(to: UInt8.self) }
        return try parse(_overrideLifetime(text.span, copying: bytes))
    }
}
