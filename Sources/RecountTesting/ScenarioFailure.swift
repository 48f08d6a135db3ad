import JSON
public import Testing

/// A step of a scenario that did not find what it expected.
///
/// A test that throws it is shown by its ``description``; the differences are in the order in
/// which they were found.
public struct ScenarioFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in a sentence without a full stop.
    public let message: String
    /// One line for each place that differs: the way to it, what was expected, what is there.
    public let differences: [String]
    /// The step in the test.
    public let sourceLocation: SourceLocation

    private static let shownCountMax = 12

    init(_ message: String, _ differences: [String] = [], at sourceLocation: SourceLocation) {
        self.message = message
        self.differences = differences
        self.sourceLocation = sourceLocation
    }

    /// File, line and message, then one line each for the first twelve differences.
    public var description: String {
        let shown = differences.prefix(Self.shownCountMax)
        let hiddenCount = differences.count - shown.count
        let rest = hiddenCount > 0 ? ["and \(hiddenCount) more"] : []
        let place = "\(sourceLocation.fileName):\(sourceLocation.line)"
        return (["\(place): \(message)"] + (shown + rest).map { "  \($0)" })
            .joined(separator: "\n")
    }
}

extension JSONDifference {
    private static let valueLengthMax = 100

    /// The way to the place, what was expected there, and what is there, in one line; `root` is
    /// the way to the value that was compared.
    func line(below root: String = "") -> String {
        let inner = path.steps.isEmpty ? "" : path.description
        let separator = root.isEmpty || inner.isEmpty || inner.hasPrefix("[") ? "" : "."
        let place = root + separator + inner
        let values =
            "expected \(JSONDifference.text(of: before)), actual \(JSONDifference.text(of: after))"
        return place.isEmpty ? values : "\(place): \(values)"
    }

    private static func text(of value: JSONValue?) -> String {
        guard let text = value?.description else { return "nothing" }
        return text.count > valueLengthMax ? "\(text.prefix(valueLengthMax))…" : text
    }
}
