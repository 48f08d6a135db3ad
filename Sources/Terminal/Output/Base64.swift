/// Base64 with padding, RFC 4648 section 4.
enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        var group: UInt32 = 0
        var count = 0
        func flush(_ digitCount: Int) {
            for place in 0..<digitCount {
                result.append(digits[Int(group >> UInt32(18 - 6 * place) & 0x3F)])
            }
            result += Array(repeating: UInt8(ascii: "="), count: 4 - digitCount)
            (group, count) = (0, 0)
        }
        for byte in bytes {
            group |= UInt32(byte) << UInt32(16 - 8 * count)
            count += 1
            if count == 3 { flush(4) }
        }
        if count > 0 { flush(count + 1) }
        return String(decoding: result, as: UTF8.self)
    }
}
