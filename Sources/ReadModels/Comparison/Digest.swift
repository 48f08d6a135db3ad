import CCrypto

/// A SHA-256: equal where what it was made of is.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The bytes in 64 hexadecimal digits.
    public var description: String {
        bytes.reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

/// Makes digests of bytes, one after the other.
final class DigestMaker {
    /// About how many bytes are gathered before they are taken in.
    private static let bufferSize = 1 << 16

    private let context: OpaquePointer
    private let algorithm: OpaquePointer
    private var buffer: [UInt8] = []

    init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
        else { preconditionFailure("The library for SHA-256 cannot be used.") }
        self.context = context
        self.algorithm = algorithm
        buffer.reserveCapacity(DigestMaker.bufferSize)
        begin()
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    func append(_ byte: UInt8) {
        if buffer.count >= DigestMaker.bufferSize { flush() }
        buffer.append(byte)
    }

    /// Adds a number in 8 bytes, the highest one first.
    func append(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { buffer.append(contentsOf: $0) }
    }

    /// Adds the count of bytes, and the bytes.
    func append(counted bytes: Span<UInt8>) {
        append(UInt64(bytes.count))
        bytes.withUnsafeBufferPointer { bytes in
            if bytes.count < DigestMaker.bufferSize {
                buffer.append(contentsOf: bytes)
            } else {
                flush()
                take(UnsafeRawBufferPointer(bytes))
            }
        }
    }

    /// Adds the count of a text's bytes in UTF-8, and the bytes.
    func append(counted text: String) {
        append(counted: text.utf8.span)
    }

    /// Gives the digest of what was added, and begins the next one.
    func finish() -> Digest {
        flush()
        var bytes = [UInt8](repeating: 0, count: 32)
        let isDone = EVP_DigestFinal_ex(context, &bytes, nil) == 1
        precondition(isDone, "The library for SHA-256 gives what it was fed for.")
        begin()
        return Digest(bytes: bytes)
    }

    private func begin() {
        let isDone = EVP_DigestInit_ex2(context, algorithm, nil) == 1
        precondition(isDone, "The library for SHA-256 begins anew at any time.")
    }

    private func flush() {
        buffer.withUnsafeBytes(take)
        buffer.removeAll(keepingCapacity: true)
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        let isDone = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        precondition(isDone, "The library for SHA-256 takes any bytes.")
    }
}
