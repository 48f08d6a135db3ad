import EventModel
import EventStorage
public import OperationsModel
import Processing
import ReadModels
import Synchronization

extension StoreOperations {
    /// What is to be done outside the store and, where asked for, what ended last.
    ///
    /// The first call reads all that the log tells of effects, later ones what was added.
    ///
    /// - Parameter request: which effects.
    /// - Returns: the effects of each group, in the order of asking, before those that ended,
    ///   newest first.
    /// - Throws: ``OperationsError`` where there is no such group, or the storage fails.
    public func effects(_ request: EffectsRequest) throws(OperationsError) -> [EffectEntry] {
        let named = try request.group.map { name throws(OperationsError) in [try group(name)] }
        let groups = named ?? domain.groups
        return try OperationsError.telling {
            let waiting = try groups.flatMap { try waitingEffects(of: $0, limit: request.limit) }
            guard request.includesEnded else { return waiting }
            return try effectHistory.withLock { history in
                let ended = try groups.flatMap {
                    try history.ended(of: $0.name, limit: request.limit)
                }
                return waiting + ended.sorted { $0.lastTime ?? .epoch > $1.lastTime ?? .epoch }
            }
        }
    }

    private func waitingEffects(of group: ReadModelGroup, limit: Int) throws -> [EffectEntry] {
        let observer = GroupObserver(files: group.files, disk: disk)
        let isPerforming = try observer.isPerformed()
        let effects = try observer.effects(limit: limit)
        return try effects.compactMap { effect in
            let last = try effectHistory.withLock { try $0.lastReport(of: effect.id) }
            guard var entry = EffectEntry(effect, last?.report, isPerforming: isPerforming)
            else { return nil }
            entry.askTime = try log.event(at: effect.position)?.recordedTime
            entry.lastTime = last?.time
            return entry
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
