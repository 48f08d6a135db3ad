public import EventModel
import OperationsModel
import Synchronization

/// Groups whose log holds another history.
extension BillingStore {
    /// Has the log hold another history than the one a group has handled.
    public func divert(_ group: String, after ancestor: Position) {
        contents.withLock { contents in
            contents.rewinds[group] = ProcessorStatus.Rewind(
                ancestor: ancestor,
                what: "the group has handled position 12604331, and the log holds other events "
                    + "after position \(ancestor)",
                remedy: "restore the log, or replay"
            )
        }
    }
}

extension ProcessorStatus {
    /// The status with another history in the log.
    func diverted(by rewind: Rewind?) -> ProcessorStatus {
        guard let rewind else { return self }
        var status = self
        status.state = .aheadOfHistory
        status.rewind = rewind
        status.failure = "\(rewind.what): \(rewind.remedy)"
        return status
    }
}
