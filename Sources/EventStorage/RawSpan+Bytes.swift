import EventModel
import Glibc

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
        hasSameBytes(as: bytes.span.bytes)
    }

    /// The bytes of a stream's name up to its first `-`.
    package var category: RawSpan {
        @_lifetime(copy self)
        get {
            var count = 0
            while count < byteCount,
                unsafeLoad(fromByteOffset: count, as: UInt8.self) != UInt8(ascii: "-")
            { count += 1 }
            return extracting(first: count)
        }
    }
}

extension RawSpan {
    /// The number of bytes up to the last one that is not zero.
    package var sizeWithoutZerosBehind: Int {
        withUnsafeBytes { bytes in
            var size = bytes.count
            let page = 4096
            while size >= page, bytes[size - page..<size].isZero { size -= page }
            while size > 0, bytes[size - 1] == 0 { size -= 1 }
            return size
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// Whether all bytes are zero; there is at least one.
    fileprivate var isZero: Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: self)
        guard let start = bytes.baseAddress else { return true }
        return bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
    }
}
