import CSimdJSON

/// What views of one parsed text share, without the compiler's care for how long it lives.
///
/// Exists for readers whose interface must be escapable, such as `Decoder`; they must drop it
/// before the bytes or the parser change.
package struct JSONViewBase {
    private let text: UnsafeBufferPointer<UInt8>
    private let tokens: UnsafeBufferPointer<recount_json_token>
    private let hasUniqueKeys: Bool

    /// Takes the addresses out of a view.
    package init(_ view: borrowing JSONView) {
        text = view.text.withUnsafeBufferPointer { $0 }
        tokens = view.tokens.withUnsafeBufferPointer { $0 }
        hasUniqueKeys = view.hasUniqueKeys
    }

    /// The value, or the key, whose token has an index.
    @_lifetime(borrow self)
    package func view(at index: Int) -> JSONView {
        JSONView(
            text: _overrideLifetime(text.span, borrowing: self),
            tokens: _overrideLifetime(tokens.span, borrowing: self),
            index: index,
            hasUniqueKeys: hasUniqueKeys
        )
    }

    /// The index of the token after a value and everything inside it.
    package func index(after index: Int) -> Int {
        Int(tokens[index].next)
    }

    /// The index of the key of the first member with exactly these UTF-8 bytes, looked for
    /// among the members of one object from one member to before another.
    package func indexOfKey(_ key: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        var index = start
        while index < end {
            let token = tokens[index]
            if token.flags == 0 {
                let inside = text[Int(token.start) + 1..<Int(token.start + token.length) - 1]
                if inside.count == key.count, UnsafeBufferPointer(rebasing: inside).isEqual(to: key)
                {
                    return index
                }
            } else if view(at: index).isString(equalTo: key) {
                return index
            }
            index = Int(tokens[index + 1].next)
        }
        return nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are those of a span of the same size.
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        for index in 0..<count where self[index] != other[unchecked: index] { return false }
        return true
    }
}
