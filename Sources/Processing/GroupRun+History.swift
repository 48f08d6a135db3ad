/// How a group finds out that the log is not the one it has handled.
extension GroupRun {
    /// Where what the claimed segments have decided is not what the log holds; nothing where it is.
    func historyBreak() throws -> HistoryBreak? {
        let claimed = processor.progress.segments.filter { processor.isClaimed($0.segment) }
        return try HistoryBreak(claimed.compactMap(\.mark), earlier: storage.marks, in: store)
    }
}
