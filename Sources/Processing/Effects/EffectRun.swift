package import EventModel
package import EventStorage

/// Performs the effects of a group, each at most once for every attempt that the log lets begin.
package final class EffectRun {
    private let queue: any EffectQueue
    private let performers: [String: EffectPerformer]
    private let store: any EventStore
    private let now: TimeSource
    private var ledger: EffectLedger

    /// How many effects are in memory at most.
    private static let dueCountMax = 64

    /// Goes on with the effects of a queue.
    package init(
        _ queue: any EffectQueue,
        performers: [String: EffectPerformer],
        store: any EventStore,
        now: @escaping TimeSource
    ) {
        self.queue = queue
        self.performers = performers
        self.store = store
        self.now = now
        ledger = EffectLedger(of: store)
    }

    /// Does what can be done now, for one effect of each sequence.
    ///
    /// - Parameter goesOn: asked before each effect.
    /// - Returns: whether something was done.
    /// - Throws: what the queue or the store reports; an attempt under way is in doubt then.
    package func step(while goesOn: () -> Bool = { true }) throws -> Bool {
        var isBusy = false
        let kinds = performers.keys.sorted()
        for effect in try queue.due(kinds, now: now(), limit: EffectRun.dueCountMax)
        where goesOn() {
            if effect.wish == .giveUp {
                try giveUp(effect)
            } else if let perform = performers[effect.kind] {
                try attempt(effect, perform)
            }
            isBusy = true
        }
        return isBusy
    }

    private func attempt(_ effect: PendingEffect, _ perform: EffectPerformer) throws {
        let number = effect.attempts + 1
        // Once this is in the log, no process, replay or restored copy of it begins the attempt.
        guard try append(EffectReport(of: effect.id, attempt: number, .started), effect) else {
            return try reconcile(effect)
        }
        var tried = effect
        tried.wish = nil
        do {
            try perform(effect)
        } catch {
            let cause = String(describing: error)
            _ = try append(EffectReport(of: effect.id, attempt: number, .failed(cause)), effect)
            tried.attemptFailed(number, cause, now: now())
            return try queue.update(tried, obeying: effect.wish)
        }
        _ = try append(EffectReport(of: effect.id, attempt: number, .completed), effect)
        try queue.remove(effect.id)
    }

    /// Takes over what the log tells of an effect whose next attempt was begun before.
    private func reconcile(_ effect: PendingEffect) throws {
        let report = try ledger.lastReport(of: effect.id)
        var known = effect
        switch report?.fact {
        case .completed, .givenUp: return try queue.remove(effect.id)
        case .failed(let cause):
            known.attemptFailed(report?.attempt ?? 1, cause, now: now())
        case .started, nil: known.attemptLost(report?.attempt ?? effect.attempts + 1)
        }
        try queue.update(known, obeying: effect.wish)
    }

    /// Takes the place of the next attempt, so that none can begin.
    private func giveUp(_ effect: PendingEffect) throws {
        var next = effect.attempts + 1
        if let report = try ledger.lastReport(of: effect.id) {
            next = max(next, report.attempt + 1)
        }
        _ = try append(EffectReport(of: effect.id, attempt: next, .givenUp), effect)
        try queue.remove(effect.id)
    }

    /// Appends a report; false where the log holds one in its place.
    private func append(_ report: EffectReport, _ effect: PendingEffect) throws -> Bool {
        let request = AppendRequest(ofSystem: [report.event(effect)], to: EffectReport.stream)
        return try store.append(request).duplicateCount == 0
    }
}
