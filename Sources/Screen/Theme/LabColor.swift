/// A colour in the CIE L\*a\*b\* space under the white of sRGB (D65).
struct LabColor {
    var lightness: Double
    var a: Double
    var b: Double

    init(lightness: Double, a: Double, b: Double) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    init(_ color: LinearColor) {
        func f(_ value: Double) -> Double {
            value > 216.0 / 24389
                ? Mathematics.power(value, 1.0 / 3) : (24389.0 / 27 * value + 16) / 116
        }
        let x = 0.4124564 * color.red + 0.3575761 * color.green + 0.1804375 * color.blue
        let y = 0.2126729 * color.red + 0.7151522 * color.green + 0.0721750 * color.blue
        let z = 0.0193339 * color.red + 0.1191920 * color.green + 0.9503041 * color.blue
        let (fx, fy, fz) = (f(x / 0.95047), f(y), f(z / 1.08883))
        self.init(lightness: 116 * fy - 16, a: 500 * (fx - fy), b: 200 * (fy - fz))
    }

    /// The difference CIEDE2000; 1 is just noticeable.
    ///
    /// Sharma, Wu, Dalal: "The CIEDE2000 Color-Difference Formula: Implementation Notes,
    /// Supplementary Test Data, and Mathematical Observations", 2005.
    func difference(to other: LabColor) -> Double {
        let meanChroma = (chroma(a) + other.chroma(other.a)) / 2
        let seventh = Mathematics.power(meanChroma, 7)
        let stretch = 1 + 0.5 * (1 - (seventh / (seventh + Mathematics.power(25, 7))).squareRoot())
        let (a1, a2) = (a * stretch, other.a * stretch)
        let (c1, c2) = (chroma(a1), other.chroma(a2))
        let h1 = c1 == 0 ? 0 : Mathematics.degrees(y: b, x: a1)
        let h2 = c2 == 0 ? 0 : Mathematics.degrees(y: other.b, x: a2)
        let isGrey = c1 * c2 == 0
        var turn = h2 - h1
        if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
        let hueStep = isGrey ? 0 : 2 * (c1 * c2).squareRoot() * Mathematics.sine(degrees: turn / 2)
        let meanHue = isGrey ? h1 + h2 : LabColor.meanHue(h1, h2)
        let meanLightness = (lightness + other.lightness) / 2
        let meanC = (c1 + c2) / 2
        let offset = (meanLightness - 50) * (meanLightness - 50)
        let weightL = 1 + 0.015 * offset / (20 + offset).squareRoot()
        let weightC = 1 + 0.045 * meanC
        let weightH = 1 + 0.015 * meanC * LabColor.hueFactor(meanHue)
        let l = (other.lightness - lightness) / weightL
        let c = (c2 - c1) / weightC
        let h = hueStep / weightH
        let rotation = LabColor.rotation(meanHue: meanHue, meanChroma: meanC)
        return (l * l + c * c + h * h + rotation * c * h).squareRoot()
    }

    private func chroma(_ a: Double) -> Double { (a * a + b * b).squareRoot() }

    private static func meanHue(_ h1: Double, _ h2: Double) -> Double {
        let sum = h1 + h2
        if abs(h1 - h2) <= 180 { return sum / 2 }
        return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2
    }

    private static func hueFactor(_ hue: Double) -> Double {
        1 - 0.17 * Mathematics.cosine(degrees: hue - 30)
            + 0.24 * Mathematics.cosine(degrees: 2 * hue)
            + 0.32 * Mathematics.cosine(degrees: 3 * hue + 6)
            - 0.20 * Mathematics.cosine(degrees: 4 * hue - 63)
    }

    private static func rotation(meanHue: Double, meanChroma: Double) -> Double {
        let angle = (meanHue - 275) / 25
        let seventh = Mathematics.power(meanChroma, 7)
        let strength = 2 * (seventh / (seventh + Mathematics.power(25, 7))).squareRoot()
        return -strength * Mathematics.sine(degrees: 60 * Mathematics.exponential(-angle * angle))
    }
}

extension Color {
    /// How different two colours look to an eye; 1 is just noticeable.
    public func difference(to other: Color, seenWith vision: ColorVision = .normal) -> Double {
        LabColor(LinearColor(self).seen(with: vision))
            .difference(to: LabColor(LinearColor(other).seen(with: vision)))
    }
}
