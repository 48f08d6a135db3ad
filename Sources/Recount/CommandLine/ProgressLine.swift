/// Tells how far long work is: one line redrawn on a terminal, one line a second elsewhere.
final class ProgressLine {
    private let output: CommandOutput
    private var lastTime = ContinuousClock.now
    private var isShown = false

    init(_ output: CommandOutput) {
        self.output = output
    }

    /// Shows a state, unless the last one was shown a moment ago.
    func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        let interval = Duration.milliseconds(output.isTerminal ? 100 : 1000)
        guard lastTime.duration(to: now) >= interval else { return }
        lastTime = now
        // Progress that cannot be shown is no reason to stop the work.
        if output.isTerminal {
            try? output.write("\r\(SafeText.clipped(text(), to: (output.width ?? 80) - 1))\u{1B}[K")
            isShown = true
        } else {
            try? output.line(text())
        }
        try? output.flush()
    }

    /// Takes the line away.
    func finish() {
        guard isShown else { return }
        try? output.write("\r\u{1B}[K")
        try? output.flush()
        isShown = false
    }
}
