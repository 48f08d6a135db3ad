import CCrypto
import EventModel

extension EventID {
    /// Derives an identity from texts: a UUID of version 8 (RFC 9562 §5.8) whose other 122 bits
    /// begin the SHA-256 of each text in UTF-8 behind the number of its bytes, 8 bytes big-endian.
    package init(hashing texts: [String]) {
        var input: [UInt8] = []
        for text in texts {
            withUnsafeBytes(of: UInt64(text.utf8.count).bigEndian) { input += $0 }
            input += text.utf8
        }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        let status = EVP_Digest(input, input.count, &digest, nil, EVP_sha256(), nil)
        precondition(status == 1, "The library for SHA-256 failed.")
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(
            high: number(digest[0..<8]) & ~0xF000 | 0x8000,
            low: number(digest[8..<16]) & ~(0b11 << 62) | 0b10 << 62
        )
    }
}
