import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels

extension StoreOperations {
    /// What is to be done outside the store and is not done yet.
    ///
    /// - Parameter name: the group; nothing means every group.
    /// - Returns: the effects of each group, in the order of asking.
    /// - Throws: ``OperationsError`` where there is no such group, or the storage fails.
    public func effects(of name: String?) throws(OperationsError) -> [EffectEntry] {
        let groups = try name.map { name throws(OperationsError) in [try group(name)] }
        return try OperationsError.telling {
            var ledger = EffectLedger(of: log)
            return try (groups ?? domain.groups).flatMap { group in
                let observer = GroupObserver(files: group.files, disk: disk)
                let isPerforming = try observer.isPerformed()
                return try observer.effects().compactMap { effect in
                    let report = try ledger.lastReport(of: effect.id)
                    return EffectEntry(effect, report, isPerforming: isPerforming)
                }
            }
        }
    }
}

extension EffectEntry {
    /// Describes an effect that waits; nothing where the log tells that it is done or given up, and
    /// only its row is left.
    fileprivate init?(_ effect: PendingEffect, _ report: EffectReport?, isPerforming: Bool) {
        var attempts = effect.attempts
        var state = effect.obstacle.map { $0 == .failed ? State.failed : .inDoubt } ?? .waiting
        switch report?.fact {
        case .completed, .givenUp: return nil
        case .started where report?.attempt ?? 0 > attempts:
            attempts = report?.attempt ?? attempts
            state = isPerforming ? .underWay : .inDoubt
        case .started, .failed, nil: break
        }
        self.init(
            id: effect.id,
            group: effect.group,
            kind: effect.kind,
            key: effect.key,
            position: effect.position,
            sequenceKey: effect.sequenceKey,
            payload: effect.payload,
            state: state,
            attempts: attempts,
            nextAttempt: effect.nextAttempt,
            cause: effect.cause
        )
    }
}

extension PendingEffect.Wish {
    /// What an operator means.
    init(_ choice: EffectChoice) {
        switch choice {
        case .retry: self = .retry
        case .giveUp: self = .giveUp
        }
    }
}
