import CSimdJSON

/// Magnitude and sign of the integer that a well-formed number's text stands for.
///
/// Nothing where the number is no integer or its magnitude needs more than 64 bits. Zeros at
/// the end are held back until a digit follows, so that `1000…0e-27` is exact too.
func integerParts(
    ofNumber text: Span<UInt8>,
    isComplex: Bool
) -> (magnitude: UInt64, isNegative: Bool)? {
    let isNegative = text[0] == UInt8(ascii: "-")
    var magnitude: UInt64 = 0
    var index = isNegative ? 1 : 0
    if !isComplex, text.count <= 19 {
        while index < text.count {
            magnitude = magnitude * 10 + UInt64(text[index] & 0x0F)
            index += 1
        }
        return (magnitude, isNegative)
    }
    var zerosHeldBack = 0
    var decimals = 0
    var isFraction = false
    digits: while index < text.count {
        switch text[index] {
        case UInt8(ascii: "."):
            isFraction = true
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            break digits
        case UInt8(ascii: "0"):
            zerosHeldBack += 1
            decimals += isFraction ? 1 : 0
        case let digit:
            let places = magnitude == 0 ? 1 : zerosHeldBack + 1
            guard let shifted = magnitude.scaled(byPowerOfTen: places) else { return nil }
            let (sum, overflow) = shifted.addingReportingOverflow(UInt64(digit & 0x0F))
            if overflow { return nil }
            magnitude = sum
            zerosHeldBack = 0
            decimals += isFraction ? 1 : 0
        }
        index += 1
    }
    if magnitude == 0 { return (0, isNegative) }
    let scale = zerosHeldBack - decimals + exponent(text, from: index)
    guard scale >= 0, let scaled = magnitude.scaled(byPowerOfTen: scale) else { return nil }
    return (scaled, isNegative)
}

/// The exponent behind the `e` at `index`, held within ±10^17; 0 where there is none.
private func exponent(_ text: Span<UInt8>, from index: Int) -> Int {
    var index = index + 1
    guard index < text.count else { return 0 }
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
    var value = 0
    while index < text.count, value < 10_000_000_000_000_000 {
        value = value * 10 + Int(text[index] & 0x0F)
        index += 1
    }
    return isNegative ? -value : value
}

extension UInt64 {
    /// The value times ten to the power, or nothing where that does not fit.
    fileprivate func scaled(byPowerOfTen power: Int) -> UInt64? {
        if self == 0 { return 0 }
        guard power <= 19 else { return nil }
        var value = self
        for _ in 0..<power {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        return value
    }

    /// The number of these parts; nothing where it is negative.
    init?(parts: (magnitude: UInt64, isNegative: Bool)) {
        guard !parts.isNegative || parts.magnitude == 0 else { return nil }
        self = parts.magnitude
    }
}

extension Int64 {
    /// The number of these parts; nothing where it does not fit.
    init?(parts: (magnitude: UInt64, isNegative: Bool)) {
        if parts.isNegative {
            guard parts.magnitude <= Int64.min.magnitude else { return nil }
            self = Int64(truncatingIfNeeded: 0 &- parts.magnitude)
        } else {
            guard let value = Int64(exactly: parts.magnitude) else { return nil }
            self = value
        }
    }
}

/// The double nearest to a well-formed number's text; nothing beyond the finite range.
func double(ofNumber text: Span<UInt8>) -> Double? {
    var value = 0.0
    let isFinite = text.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return false }
        return recount_json_double(base, buffer.count, &value)
    }
    return isFinite ? value : nil
}
