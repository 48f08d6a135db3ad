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
}
