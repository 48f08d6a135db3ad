import Glibc

let help = """
    usage: RecountBenchmarks GROUP [--only=PARTS] [--json] [--verbose] [--once] [--large] [--smoke]

    GROUP is import, log, aggregates, processing, console, or all. Each figure is the median of five
    rounds; peers do the same work in between. --verbose tells every round, --once does with one,
    for a first look; --large adds what takes minutes and gigabytes: ten million events; with
    --smoke everything is small and runs once, to see that it works; --only= runs only some parts of
    the log: bulk, size, read, append, open, tail, large; of processing: deliver, groups, rebuild,
    visible, shadow, isolation, idle. Real data is taken from $RECOUNT_TEST_DATA or ../shared/data where there
    is some; stores are made below $TMPDIR.

    """

let groups: [(name: String, run: (BenchmarkRun, Report) throws -> Void)] = [
    ("import", ImportBenchmarks.run),
    ("log", LogBenchmarks.run),
    ("aggregates", AggregateBenchmarks.run),
    ("processing", ProcessingBenchmarks.run),
    ("console", ConsoleBenchmarks.run),
]
let options: Set = ["--json", "--verbose", "--once", "--large", "--smoke"]

let partsOption = "--only="

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == LogChild.command {
    LogChild.main(Array(arguments.dropFirst()))
}
if arguments.first == HostChild.command {
    HostChild.main(Array(arguments.dropFirst()))
}
let chosen = groups.filter { arguments.contains($0.name) || arguments.contains("all") }
guard !chosen.isEmpty,
    arguments.allSatisfy({
        !$0.hasPrefix("--") || options.contains($0) || $0.hasPrefix(partsOption)
    })
else {
    print(help, terminator: "")
    exit(arguments.contains("--help") ? 0 : 2)
}

do {
    let directory = try BenchmarkDirectory()
    defer { directory.remove() }
    let run = BenchmarkRun(
        isSmoke: arguments.contains("--smoke"),
        isLarge: arguments.contains("--large"),
        isVerbose: arguments.contains("--verbose"),
        parts: arguments.filter { $0.hasPrefix(partsOption) }
            .flatMap { $0.dropFirst(partsOption.count).split(separator: ",").map(String.init) },
        repetitions: arguments.contains("--once") || arguments.contains("--smoke") ? 1 : 5,
        directory: directory
    )
    run.tell("stores are on \(directory.fileSystem)")
    for group in chosen {
        try group.run(run) { measurement in
            let json = String(decoding: measurement.json, as: UTF8.self)
            print(arguments.contains("--json") ? json : measurement.text)
            fflush(nil)
        }
    }
} catch {
    print("RecountBenchmarks: error: \(error)")
    exit(4)
}
