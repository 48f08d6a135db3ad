import Disk
import Glibc

/// How large the benchmarks are, and where they work.
struct BenchmarkRun {
    /// Whether everything is small, to see only that it works.
    let isSmoke: Bool
    /// Whether what takes minutes and gigabytes runs too.
    let isLarge: Bool
    /// Whether the value of every round is told.
    let isVerbose: Bool
    /// The parts of a group that are run; all where there is none.
    let parts: [String]
    /// How often each figure is measured.
    let repetitions: Int
    /// Where stores are made.
    let directory: BenchmarkDirectory

    /// Whether a part of a group is run.
    func has(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }

    /// The real data, where the machine has it.
    func dataFile(_ name: String) -> String? {
        guard !isSmoke else { return nil }
        let folder = getenv("RECOUNT_TEST_DATA").map { String(cString: $0) } ?? "../shared/data"
        let path = "\(folder)/\(name)"
        return access(path, R_OK) == 0 ? path : nil
    }

    /// A bar, which says nothing about a run that is small.
    func bar(_ value: Double) -> Double? {
        isSmoke ? nil : value
    }

    /// Waits until the system has written what earlier rows left in memory: every sync after that
    /// would wait for it.
    func settleDisk() {
        if !isSmoke { sync() }
    }

    /// Has the system use memory for a file and free it: a virtual machine gets memory back from
    /// its host only when it is touched, which takes longer than what is measured.
    func touchMemory(_ size: Int) throws {
        guard !isSmoke else { return }
        let path = directory.path + "/touched"
        _ = try RealDisk().create(path, size: size)
        try RealDisk().remove(path)
    }

    /// Tells the person who waits something that is no figure.
    func tell(_ message: String) {
        let line = Array("\(message)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
