import Glibc
import RecountTesting

/// How large the benchmarks are, and what they work on.
struct BenchmarkRun {
    /// Whether everything is small, to see only that it works.
    let isSmoke: Bool
    /// Where stores are made.
    let directory = TemporaryDirectory()

    /// How often each figure is measured.
    var repetitions: Int { isSmoke ? 1 : 5 }

    /// The real data, where the machine has it.
    func dataFile(_ name: String) -> String? {
        guard !isSmoke else { return nil }
        let folder = getenv("RECOUNT_TEST_DATA").map { String(cString: $0) } ?? "../shared/data"
        let path = "\(folder)/\(name)"
        return access(path, R_OK) == 0 ? path : nil
    }
}
