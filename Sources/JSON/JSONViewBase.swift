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
        guard let text = text.baseAddress, let tokens = tokens.baseAddress else { return nil }
        return key.withUnsafeBytes { key in
            var index = start
            while index < end {
                let token = tokens[index]
                if token.flags != 0 {
                    if view(at: index).isString(equalTo: key.bindMemory(to: UInt8.self).span) {
                        return index
                    }
                } else if Int(token.length) == key.count + 2,
                    key.elementsEqual(text + Int(token.start) + 1)
                {
                    return index
                }
                index = Int(tokens[index + 1].next)
            }
            return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those at an address.
    @inline(__always)
    fileprivate func elementsEqual(_ other: UnsafePointer<UInt8>) -> Bool {
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}
