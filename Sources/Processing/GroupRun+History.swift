/// How a group finds out that the log is not the one it has handled.
extension GroupRun {
    /// Where what the group has decided is not what the log holds; nothing where it is.
    ///
    /// All segments count, of whichever process: their rows are one read model.
    func historyBreak() throws -> HistoryBreak? {
        try HistoryBreak(of: processor.progress, marks: storage.marks, in: store)
    }
}
