import Glibc

let help = """
    usage: RecountBenchmarks GROUP [--json] [--smoke]

    GROUP is import, console, or all. Each figure is the median of five runs and is held against
    the bar it must reach; with --smoke everything is small and runs once, to see that it works.
    Real data is taken from $RECOUNT_TEST_DATA or ../shared/data where there is some.

    """

let groups: [(name: String, run: (BenchmarkRun) throws -> [Measurement])] = [
    ("import", ImportBenchmarks.run),
    ("console", ConsoleBenchmarks.run),
]

let arguments = CommandLine.arguments.dropFirst()
let names = arguments.filter { !$0.hasPrefix("--") }
let chosen = groups.filter { names.contains($0.name) || names.contains("all") }
guard !chosen.isEmpty,
    arguments.allSatisfy({ !$0.hasPrefix("--") || $0 == "--json" || $0 == "--smoke" })
else {
    print(help, terminator: "")
    exit(arguments.contains("--help") ? 0 : 2)
}

let run = BenchmarkRun(isSmoke: arguments.contains("--smoke"))
for group in chosen {
    do {
        for measurement in try group.run(run) {
            let json = String(decoding: measurement.json, as: UTF8.self)
            print(arguments.contains("--json") ? json : measurement.text)
            fflush(nil)
        }
    } catch {
        print("RecountBenchmarks: error: \(group.name): \(error)")
        exit(4)
    }
}
