import Glibc

/// How much is simulated, as the environment says.
enum SimulationSettings {
    /// `RECOUNT_SIMULATION_ROUNDS`: how many times as much as usual; 0 means without end.
    static let rounds = variable("RECOUNT_SIMULATION_ROUNDS").flatMap(Int.init)

    /// `RECOUNT_SIMULATION_REPLAY`: the one crash to try, as a failure names it.
    static let replay = variable("RECOUNT_SIMULATION_REPLAY").flatMap(SimulationReplay.init)

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
