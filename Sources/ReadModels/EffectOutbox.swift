import EventModel
package import EventStorage
package import Processing

/// Takes what handlers ask to be done outside the store: mails, payments, calls.
///
/// What is asked for is stored with the rows and the token, in one transaction, and performed after
/// that, at most once for each group, event, kind and key. For a replay nothing is stored, unless
/// its kind says so. Belongs to the thread of the handler it was made for.
public final class EffectOutbox {
    private let group: String
    private let kinds: [String: EffectKind]
    private let sequencing: SequencingPolicy
    private let store: (PendingEffect) throws -> Void
    private var asker: Asker?

    /// The event that is being handled.
    private struct Asker {
        var event: EventID
        var position: Position
        var recordedTime: Timestamp
        var sequenceKey: String
        var isReplay: Bool
    }

    /// Makes an outbox that stores nothing, as for a replay.
    public convenience init() {
        self.init(group: "", kinds: [], sequencing: .perStream) { _ in }
    }

    /// Makes an outbox.
    ///
    /// - Parameters:
    ///   - group: the group whose events are handled.
    ///   - kinds: the kinds that can be asked for.
    ///   - sequencing: what names the sequence of an event.
    ///   - store: stores what is asked for.
    package init(
        group: String,
        kinds: [EffectKind],
        sequencing: SequencingPolicy,
        store: @escaping (PendingEffect) throws -> Void
    ) {
        self.group = group
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }) { first, _ in first }
        self.sequencing = sequencing
        self.store = store
    }

    /// Whether nothing can be asked for.
    var isEmpty: Bool { kinds.isEmpty }

    /// Asks for an effect, while an event is handled.
    ///
    /// - Parameters:
    ///   - kind: what is to be done: a kind that the projection declares.
    ///   - key: tells apart what one event asks for of one kind.
    ///   - payload: what whoever performs it needs to know, as JSON.
    /// - Throws: what keeps it from being stored.
    public func ask(_ kind: String, key: String = "", payload: String = "{}") throws {
        if kinds.isEmpty { return }
        guard let declared = kinds[kind] else {
            preconditionFailure("A projection asks for kinds of effects that it declares.")
        }
        guard let asker else {
            preconditionFailure("Effects are asked for while an event is handled.")
        }
        if asker.isReplay, !declared.runsOnReplay { return }
        if let since = declared.since, asker.recordedTime < since { return }
        try store(
            PendingEffect(
                group: group,
                event: asker.event,
                position: asker.position,
                sequenceKey: asker.sequenceKey,
                kind: kind,
                key: key,
                payload: payload
            )
        )
    }

    /// Has an event handled that may ask for effects.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - isReplay: whether it is handled again.
    ///   - body: handles it.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package func withAsker(
        _ event: borrowing EventView,
        isReplay: Bool,
        _ body: () throws -> Bool
    ) rethrows -> Bool {
        if kinds.isEmpty { return try body() }
        asker = Asker(
            event: event.id,
            position: event.position,
            recordedTime: event.recordedTime,
            sequenceKey: sequencing.key(of: event),
            isReplay: isReplay
        )
        defer { asker = nil }
        return try body()
    }
}
