/// A colour whose channels are proportional to light, from 0 to 1.
struct LinearColor {
    var red: Double
    var green: Double
    var blue: Double

    /// Undoes the transfer function of sRGB (IEC 61966-2-1).
    init(_ color: Color) {
        func linear(_ channel: UInt8) -> Double {
            let value = Double(channel) / 255
            return value <= 0.04045
                ? value / 12.92 : Mathematics.power((value + 0.055) / 1.055, 2.4)
        }
        red = linear(color.red)
        green = linear(color.green)
        blue = linear(color.blue)
    }

    /// The relative luminance of WCAG 2.
    var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

    /// The colour as people with a certain vision see it.
    func seen(with vision: ColorVision) -> LinearColor {
        guard let matrix = vision.matrix else { return self }
        var result = self
        func row(_ index: Int) -> Double {
            let value =
                matrix[index * 3] * red + matrix[index * 3 + 1] * green
                + matrix[index * 3 + 2] * blue
            return min(max(value, 0), 1)
        }
        (result.red, result.green, result.blue) = (row(0), row(1), row(2))
        return result
    }
}

extension Color {
    /// The contrast of two colours, from 1 to 21, as WCAG 2 defines it.
    public func contrast(with other: Color) -> Double {
        let lights = [LinearColor(self).luminance, LinearColor(other).luminance]
        return ((lights.max() ?? 0) + 0.05) / ((lights.min() ?? 0) + 0.05)
    }
}

/// How an eye tells colours apart.
public enum ColorVision: String, CaseIterable, Hashable, Sendable {
    /// With three kinds of cones.
    case normal
    /// Without the cones for long waves.
    case protanopia
    /// Without the cones for middle waves.
    case deuteranopia
    /// Without the cones for short waves.
    case tritanopia

    /// The matrix for linear light at full severity.
    ///
    /// Machado, Oliveira, Fernandes: "A Physiologically-based Model for Simulation of Color
    /// Vision Deficiency", IEEE TVCG 15(6), 2009, table of severity 1.0.
    var matrix: [Double]? {
        switch self {
        case .normal: nil
        case .protanopia:
            [
                0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
                1.051998,
            ]
        case .deuteranopia:
            [
                0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
                0.968881,
            ]
        case .tritanopia:
            [
                1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
                0.303900,
            ]
        }
    }
}
