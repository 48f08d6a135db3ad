/// One side of a comparison.
struct Contestant {
    /// Who it is.
    var name: String
    /// Does the work once.
    var perform: () throws -> Round
}

/// What one contestant reached in one round.
struct Round {
    /// The figures, in the same order in every round.
    var values: [Double]
    /// What was computed; nothing where it is not what the others compute.
    var hash: UInt64?
}

/// The figures of contestants that did the same work by turns, so that the noise of the machine
/// meets all of them.
struct Comparison {
    private let names: [String]
    private var rounds: [[Round]]

    /// Lets each contestant do the work, one after the other, as many times as the run wants or
    /// the caller.
    ///
    /// - Throws: where a contestant fails, or came to another result than the first.
    init(
        _ title: String,
        _ contestants: [Contestant],
        in run: BenchmarkRun,
        repetitions: Int? = nil
    ) throws {
        names = contestants.map(\.name)
        rounds = contestants.map { _ in [] }
        for number in 1...(repetitions ?? run.repetitions) {
            for (index, contestant) in contestants.enumerated() {
                let round = try contestant.perform()
                rounds[index].append(round)
                guard let hash = round.hash, let first = rounds[0].last?.hash else { continue }
                guard hash == first else {
                    throw BenchmarkError("\(title): \(contestant.name) came to another result")
                }
            }
            if run.isVerbose { run.tell("\(title), round \(number): \(lastRound)") }
        }
    }

    /// What everybody reached in the last round, in words.
    private var lastRound: String {
        zip(names, rounds).map { name, rounds in
            let values = rounds.last?.values.map(rounded) ?? []
            return "\(name) \(values.joined(separator: " "))"
        }
        .joined(separator: "; ")
    }

    /// The median of one contestant's figures; the first contestant is the one measured.
    func median(of contestant: Int = 0, figure: Int = 0) -> Double {
        RecountBenchmarks.median(rounds[contestant].map { $0.values[figure] })
    }

    /// The figure as a row, held against everybody who has it too.
    func measurement(
        _ name: String,
        figure: Int = 0,
        unit: String,
        better: Measurement.Direction,
        bar: Double? = nil
    ) -> Measurement {
        let others = names.indices.dropFirst().filter { figure < rounds[$0][0].values.count }
        return Measurement(
            name: name,
            value: median(figure: figure),
            unit: unit,
            better: better,
            peers: others.map {
                Measurement.Peer(name: names[$0], value: median(of: $0, figure: figure))
            },
            bar: bar,
            hash: rounds[0].reduce(0) { mix($0 ^ ($1.hash ?? 0)) }
        )
    }
}

/// Spreads a number over all bits (the finaliser of SplitMix64).
func mix(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
