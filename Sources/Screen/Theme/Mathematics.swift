import Glibc

/// The functions that the standard library lacks, under one roof.
enum Mathematics {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    static func cosine(degrees: Double) -> Double { cos(degrees * .pi / 180) }
    static func sine(degrees: Double) -> Double { sin(degrees * .pi / 180) }
    static func exponential(_ value: Double) -> Double { exp(value) }

    /// The angle of a point seen from the origin, from 0 up to 360.
    static func degrees(y: Double, x: Double) -> Double {
        let angle = atan2(y, x) * 180 / .pi
        return angle < 0 ? angle + 360 : angle
    }
}
