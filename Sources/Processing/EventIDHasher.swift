import CCrypto
package import EventModel

/// Derives the identities of events from texts.
///
/// An identity is a UUID of version 8 (RFC 9562 §5.8) whose other 122 bits begin the SHA-256 of
/// each text behind the number of its bytes, 8 bytes big-endian: texts that differ never become
/// one.
package struct EventIDHasher: ~Copyable {
    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    /// Prepares for any number of identities, one after the other.
    package init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
        else { preconditionFailure("The library for SHA-256 cannot be used.") }
        self.context = context
        self.algorithm = algorithm
        begin()
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// Adds a text in UTF-8.
    package func add(_ text: Span<UInt8>) {
        withUnsafeBytes(of: UInt64(text.count).bigEndian) { update($0) }
        text.withUnsafeBufferPointer { update(UnsafeRawBufferPointer($0)) }
    }

    /// Gives the identity that follows from the texts added, and begins the next one.
    package func finish() -> EventID {
        var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &digest) { digest in
            let bytes = digest.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return EVP_DigestFinal_ex(context, bytes, nil) == 1
        }
        precondition(isDone, "The library for SHA-256 gives what it was fed for.")
        begin()
        return EventID(
            high: UInt64(bigEndian: digest.0) & ~0xF000 | 0x8000,
            low: UInt64(bigEndian: digest.1) & ~(0b11 << 62) | 0b10 << 62
        )
    }

    private func begin() {
        let isDone = EVP_DigestInit_ex2(context, algorithm, nil) == 1
        precondition(isDone, "The library for SHA-256 begins anew at any time.")
    }

    private func update(_ bytes: UnsafeRawBufferPointer) {
        let isDone = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
        precondition(isDone, "The library for SHA-256 takes any bytes.")
    }
}
