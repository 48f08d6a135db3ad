extension RawSpan {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    public var text: String {
        withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// A copy of the bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    /// Whether these are exactly the given bytes.
    public func equals(_ bytes: [UInt8]) -> Bool {
        byteCount == bytes.count && withUnsafeBytes { $0.elementsEqual(bytes) }
    }
}
