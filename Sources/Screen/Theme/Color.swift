/// A colour of the sRGB space with 8 bits a channel.
public struct Color: Hashable, Sendable, CustomStringConvertible {
    /// The red part.
    public let red: UInt8
    /// The green part.
    public let green: UInt8
    /// The blue part.
    public let blue: UInt8

    /// Makes a colour from its parts.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Makes a colour from one number, 0xRRGGBB.
    public init(_ value: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: value >> 16),
            green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value)
        )
    }

    /// Reads six hexadecimal digits with or without `#`; nothing where the text is another.
    public init?(hexadecimal text: String) {
        let digits = text.utf8.first == UInt8(ascii: "#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, digits.utf8.first != UInt8(ascii: "+"),
            digits.utf8.first != UInt8(ascii: "-"), let value = UInt32(digits, radix: 16)
        else { return nil }
        self.init(value)
    }

    /// The colour as one number, 0xRRGGBB.
    public var value: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

    /// Six hexadecimal digits in lower case, after `#`.
    public var description: String {
        let digits = String(value, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Whether it is a shade of grey.
    public var isGrey: Bool { red == green && green == blue }

    /// The colour that lies a part of the way, from 0 to 1, towards another.
    public func mixed(with other: Color, part: Double) -> Color {
        func channel(_ from: UInt8, _ to: UInt8) -> UInt8 {
            UInt8((Double(from) + (Double(to) - Double(from)) * min(max(part, 0), 1)).rounded())
        }
        return Color(
            red: channel(red, other.red),
            green: channel(green, other.green),
            blue: channel(blue, other.blue)
        )
    }

    /// The nearest of the 240 fixed colours that terminals number from 16 to 255.
    public var nearestIndex: UInt8 {
        let steps: [Int] = [0, 95, 135, 175, 215, 255]
        func nearest(_ value: UInt8) -> Int {
            steps.indices.min { abs(steps[$0] - Int(value)) < abs(steps[$1] - Int(value)) } ?? 0
        }
        let cube = [nearest(red), nearest(green), nearest(blue)]
        let average = (Int(red) + Int(green) + Int(blue)) / 3
        let grey = min(max((average - 3) / 10, 0), 23)
        func distance(_ red: Int, _ green: Int, _ blue: Int) -> Int {
            let (r, g, b) = (red - Int(self.red), green - Int(self.green), blue - Int(self.blue))
            return r * r + g * g + b * b
        }
        let level = 8 + grey * 10
        let greyIsNearer =
            distance(level, level, level)
            < distance(steps[cube[0]], steps[cube[1]], steps[cube[2]])
        return greyIsNearer
            ? UInt8(232 + grey) : UInt8(16 + 36 * cube[0] + 6 * cube[1] + cube[2])
    }
}
