/// A promise of the log that a simulation saw broken.
struct SimulationFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
