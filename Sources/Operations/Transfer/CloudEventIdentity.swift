import CCrypto
import EventModel

/// Turns what identifies a CloudEvent into what identifies an event.
///
/// A CloudEvent is identified by its source together with its id. The event id is a UUID of
/// version 8 (RFC 9562 §5.8) whose other 122 bits begin the SHA-256 of: the number of bytes of
/// the source, 8 bytes big-endian; the source in UTF-8; the number of bytes of the id, likewise;
/// the id. So one CloudEvent always becomes the same event, wherever and however often it is
/// imported, and two that differ never become one.
struct CloudEventIdentity: ~Copyable {
    /// The source of events that were not imported, whose id is the event id itself.
    ///
    /// It is the same for every store, so that a copy of a store exports the same bytes.
    static let ownSource = "urn:recount:event"

    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
        else { preconditionFailure("The library for SHA-256 cannot be used.") }
        self.context = context
        self.algorithm = algorithm
    }

    deinit {
        EVP_MD_CTX_free(context)
        EVP_MD_free(algorithm)
    }

    /// The event id of the CloudEvent with a source and an id, both in UTF-8.
    func eventID(source: Span<UInt8>, id: Span<UInt8>) -> EventID {
        var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &digest) { digest in
            EVP_DigestInit_ex2(context, algorithm, nil) == 1
                && update(source) && update(id)
                && EVP_DigestFinal_ex(
                    context,
                    digest.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    nil
                ) == 1
        }
        guard isDone else { preconditionFailure("The library for SHA-256 failed.") }
        let high = UInt64(bigEndian: digest.0) & ~0xF000 | 0x8000
        let low = UInt64(bigEndian: digest.1) & ~(0b11 << 62) | 0b10 << 62
        return EventID(high: high, low: low)
    }

    private func update(_ text: Span<UInt8>) -> Bool {
        withUnsafeBytes(of: UInt64(text.count).bigEndian) {
            EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1
        }
            && text.withUnsafeBufferPointer {
                EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1
            }
    }
}
