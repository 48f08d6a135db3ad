import EventLog
public import EventModel
public import OperationsModel

extension StoreOperations {
    /// Waits until an operation has an outcome that is final, or the time is up.
    ///
    /// - Parameters:
    ///   - id: the identity of the request.
    ///   - timeoutMilliseconds: how long to wait at most; nothing means as long as it takes.
    ///   - progress: called about ten times a second; says whether to go on waiting.
    /// - Returns: the operation as it stands at the end of the wait; nothing where there is none.
    /// - Throws: `OperationsError` where the store cannot be read.
    public func waitForOutcome(
        of id: EventID,
        timeoutMilliseconds: Int? = nil,
        progress: (OperationEntry) throws -> Bool = { _ in true }
    ) throws -> OperationEntry? {
        let clock = ContinuousClock()
        let deadline = timeoutMilliseconds.map { clock.now + .milliseconds($0) }
        while true {
            let entry = try operations(limit: 1000).first { $0.id == id }
            guard let entry, !entry.outcome.isFinal, try progress(entry) else { return entry }
            if let deadline, clock.now >= deadline { return entry }
            _ = try log.wait(after: Position(.max), timeoutMilliseconds: 100)
        }
    }
}

extension OperationEntry.Outcome {
    /// Whether nothing more will come of the request.
    public var isFinal: Bool {
        switch self {
        case .pending, .running: false
        case .completed, .refused, .failed: true
        }
    }
}
