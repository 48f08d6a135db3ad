import Aggregates
import EventSchema
import Testing

extension Aggregate {
    /// Sees to it that a state which can be saved comes back from a snapshot as it is.
    ///
    /// One without equality is taken to do so: its JSON may differ from one time to the next, as
    /// that of a set does.
    func checkSnapshot(at sourceLocation: SourceLocation) throws(ScenarioFailure) {
        guard let state = self as? any Codable else { return }
        let differences: [String]
        do {
            differences = try lostLines(of: state)
        } catch {
            throw ScenarioFailure("the state cannot be saved: \(error)", at: sourceLocation)
        }
        guard differences.isEmpty else {
            let message = "the state comes back from a snapshot as another"
            throw ScenarioFailure(message, differences, at: sourceLocation)
        }
    }
}

/// What a value loses when it is saved, one line for each place.
private func lostLines<Value: Codable>(of value: Value) throws -> [String] {
    let saved = try JSONEventEncoder().encode(value)
    let returned = try JSONEventDecoder().decode(Value.self, from: saved)
    return areEqual(value, returned) == nil ? [] : differenceLines(from: value, to: returned)
}
