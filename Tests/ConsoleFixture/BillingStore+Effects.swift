public import EventModel
public import OperationsModel
import Synchronization

extension BillingStore {
    /// What the mails want done outside the store at 3:47 and is not done yet.
    static let waitingEffects: [EffectEntry] = {
        func effect(
            _ number: UInt64,
            _ kind: String,
            _ key: String,
            at position: UInt64,
            _ state: EffectEntry.State,
            attempts: Int = 0,
            next: Double? = nil,
            cause: String? = nil
        ) -> EffectEntry {
            let asked = start.advanced(bySeconds: Double(position) - 12_604_331)
            return EffectEntry(
                id: EventID(high: 0x0190_b6d2_7c1a_8e11, low: number),
                group: "notifications",
                kind: kind,
                key: key,
                position: Position(position),
                sequenceKey: "subscription-\(17_000 + number)",
                payload:
                    #"{"to":"c\#(number)@example.com","template":"dunning","amountCents":4900}"#,
                state: state,
                attempts: attempts,
                nextAttempt: next.map { start.advanced(bySeconds: $0) },
                cause: cause,
                askTime: asked,
                lastTime: attempts == 0 ? nil : asked.advanced(bySeconds: 72)
            )
        }
        return [
            effect(
                1,
                "mail",
                "first",
                at: 12_599_002,
                .failed,
                attempts: 4,
                cause:
                    "the mail server said: 550 mailbox unavailable, ask the recipient for another "
                    + "address or look at the list of suppressed ones"
            ),
            effect(2, "text", "", at: 12_599_014, .inDoubt, attempts: 1),
            effect(3, "mail", "first", at: 12_599_418, .underWay, attempts: 1),
            effect(
                4,
                "mail",
                "second",
                at: 12_599_520,
                .waiting,
                attempts: 2,
                next: 38,
                cause: "timed out"
            ),
            effect(5, "mail", "first", at: 12_599_841, .waiting),
        ]
    }()

    /// What was done or given up last, newest first.
    private static let endedEffects: [EffectEntry] = (0..<4).map { number in
        EffectEntry(
            id: EventID(high: 0x0190_b6d2_7c1a_8e11, low: 900 + number),
            group: "notifications",
            kind: "mail",
            key: "first",
            // An attempt that an earlier version of the engine told of.
            position: number == 3 ? .start : Position(12_598_900 - number),
            sequenceKey: number == 3 ? "" : "subscription-\(16_000 + number)",
            payload: "",
            state: number == 1 ? .givenUp : .performed,
            attempts: number == 1 ? 4 : 1,
            lastTime: start.advanced(bySeconds: -Double(60 + number * 40))
        )
    }

    /// Answers ``OperationsSource`` as told in ``waitingEffects``, without what was settled since.
    public func effects(_ request: EffectsRequest) throws(OperationsError) -> [EffectEntry] {
        let contents = try checked()
        let all = contents.waitingEffects + (request.includesEnded ? BillingStore.endedEffects : [])
        return all.filter { request.group == nil || request.group == $0.group }
    }

    /// Has an effect stand otherwise; nothing means that it waits no longer.
    public func setEffect(_ id: EventID, _ state: EffectEntry.State?, cause: String? = nil) {
        contents.withLock { contents in
            guard let index = contents.waitingEffects.firstIndex(where: { $0.id == id }) else {
                return
            }
            guard let state else { return _ = contents.waitingEffects.remove(at: index) }
            contents.waitingEffects[index].state = state
            contents.waitingEffects[index].cause = cause
        }
    }

    /// Has an effect bear another kind, key and payload.
    public func renameEffect(_ id: EventID, _ text: String) {
        contents.withLock { contents in
            for index in contents.waitingEffects.indices
            where contents.waitingEffects[index].id == id {
                contents.waitingEffects[index].kind = text
                contents.waitingEffects[index].key = text
                contents.waitingEffects[index].payload = text
            }
        }
    }

    /// Has more mails wait than are listed.
    public func floodEffects() {
        contents.withLock { contents in
            guard let last = contents.waitingEffects.last else { return }
            contents.waitingEffects += (0..<UInt64(1200)).map { number in
                var effect = last
                effect.id = EventID(high: 78, low: number)
                return effect
            }
        }
    }
}
