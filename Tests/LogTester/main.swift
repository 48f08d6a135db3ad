import Glibc

// A file that may not grow any further is reported by the write that meets it.
signal(SIGXFSZ, SIG_IGN)

var tester = Tester(seed: CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 0)
while let line = nextLine() {
    say(tester.answer(line))
}

/// The next line of the standard input; nothing at its end.
func nextLine() -> String? {
    // The end of the input looks like an interruption where an earlier call left that behind.
    errno = 0
    return readLine()
}
