/// Tells how far work on a known number of things is, how fast it goes, and how long it will take.
struct WorkProgress {
    private let unit: String
    private let totalCount: Int
    private let startTime = ContinuousClock.now
    private let line: ProgressLine

    /// Begins to measure.
    ///
    /// - Parameters:
    ///   - unit: what the things are called, such as `streams`.
    ///   - totalCount: how many there are.
    ///   - output: where the progress is shown.
    init(_ unit: String, of totalCount: Int, on output: CommandOutput) {
        self.unit = unit
        self.totalCount = totalCount
        line = ProgressLine(output)
    }

    /// Shows that so many are done.
    func show(_ doneCount: @autoclosure () -> Int) {
        line.show(describe(doneCount()))
    }

    /// Takes the line away.
    func finish() {
        line.finish()
    }

    private func describe(_ doneCount: Int) -> String {
        let seconds = startTime.duration(to: .now) / .seconds(1)
        let rate = seconds > 0 ? Double(doneCount) / seconds : 0
        var text =
            "\(NumberFormat.grouped(doneCount)) of \(NumberFormat.grouped(totalCount)) \(unit), "
            + "\(NumberFormat.grouped(Int(rate)))/s"
        if rate > 0, doneCount < totalCount {
            text += ", \(NumberFormat.duration(Double(totalCount - doneCount) / rate)) left"
        }
        return text
    }
}
