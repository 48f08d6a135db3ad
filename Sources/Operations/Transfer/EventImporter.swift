public import EventStorage

/// Imports CloudEvents 1.0, one JSON object per line, into a store.
///
/// Which event a line becomes is said at ``CloudEventReader``. Events the store holds already
/// are left out, and each batch is appended as one step, so an import that was killed is
/// completed by doing it again. Blank lines are skipped, and a carriage return at the end of a
/// line is not part of it.
public struct EventImporter {
    private let store: any EventStore
    private let policy: ImportErrorPolicy
    private let progress: (ImportProgress) -> Void

    /// Makes an importer.
    ///
    /// - Parameters:
    ///   - store: where the events go.
    ///   - policy: what happens after a line that cannot be imported.
    ///   - progress: is told about five times a second how far the import is.
    public init(
        into store: any EventStore,
        onError policy: ImportErrorPolicy = .stop,
        progress: @escaping (ImportProgress) -> Void = { _ in }
    ) {
        self.store = store
        self.policy = policy
        self.progress = progress
    }

    /// Imports sources one after the other; blocks until everything is in the store.
    ///
    /// With ``ImportErrorPolicy/skip``, the lines that cannot be imported are written verbatim to
    /// `<source>.rejected.ndjson`, and for each of them an object with its number, the place in
    /// it and the reason to `<source>.rejected.reasons.ndjson`; for the standard input both
    /// start with `stdin`. Both files are made anew when the first line is rejected. A line too
    /// long to be read as one appears only among the reasons.
    ///
    /// - Returns: what was done.
    /// - Throws: ``ImportError``; what had been imported stays, and everything before the line
    ///   that an ``ImportFailure`` names is in the store.
    public func run(_ sources: [ImportSource]) throws(ImportError) -> ImportResult {
        let start = ContinuousClock.now
        var run = ImportRun(of: sources, into: store, policy: policy, progress: progress)
        for source in sources { try run.importSource(source) }
        run.reportProgress(isLast: true)
        var result = run.result
        let microseconds = start.duration(to: .now) / .microseconds(1)
        result.seconds = microseconds.rounded() / 1_000_000
        return result
    }
}
