import EventModel
import EventStorage
import Processing
import SQLiteDatabase

/// What handles the events of a group's projections, in their order.
///
/// Constants all the way down, so that whoever calls it for an event neither looks whether somebody
/// changes it nor retains parts of it.
final class TypedHandlers: GroupHandler {
    private let first: TypedHandler?
    /// Where they ask for effects; nothing where none does.
    private let outbox: EffectOutbox?

    /// Prepares the handlers, for the thread that calls.
    ///
    /// - Parameters:
    ///   - projections: whose handlers.
    ///   - database: where the tables are.
    ///   - outbox: where they ask for effects.
    /// - Throws: what the projections have against the tables.
    init(
        _ projections: [any Projection],
        in database: SQLiteConnection,
        asking outbox: EffectOutbox = EffectOutbox()
    ) throws {
        var first: TypedHandler?
        for projection in projections.reversed() {
            first = try TypedHandler(projection, in: database, asking: outbox, before: first)
        }
        self.first = first
        self.outbox = outbox.isEmpty ? nil : outbox
    }

    func mayHandle(_ event: borrowing EventView) -> Bool {
        first?.mayHandle(event) ?? false
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        guard let first else { return false }
        guard let outbox else { return try first.handle(event, isReplay: isReplay) }
        return try outbox.withAsker(event, isReplay: isReplay) {
            try first.handle(event, isReplay: isReplay)
        }
    }

    /// Calls each, in the order of the projections.
    func forEach(_ body: (any ProjectionHandler) throws -> Void) rethrows {
        var next = first
        while let handler = next {
            try body(handler.handler)
            next = handler.next
        }
    }
}

/// What handles the events of a projection, which ones, and what comes after it.
///
/// A chain of constants: the elements of an array would be retained and released for every event.
private final class TypedHandler {
    let handler: any ProjectionHandler
    let next: TypedHandler?
    /// The names of the types in UTF-8; nothing means every type.
    private let types: [[UInt8]]?

    init(
        _ projection: any Projection,
        in database: SQLiteConnection,
        asking outbox: EffectOutbox,
        before next: TypedHandler?
    ) throws {
        handler = try projection.makeRuledHandler(in: database, asking: outbox)
        types = projection.eventTypes?.map { Array($0.text.utf8) }
        self.next = next
    }

    func mayHandle(_ event: borrowing EventView) -> Bool {
        if isFor(event) { return true }
        guard let next else { return false }
        return next.mayHandle(event)
    }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        let isHandled = try isFor(event) && handler.handle(event, isReplay: isReplay)
        guard let next else { return isHandled }
        return try next.handle(event, isReplay: isReplay) || isHandled
    }

    private func isFor(_ event: borrowing EventView) -> Bool {
        guard let types else { return true }
        for type in types where event.type.equals(type) { return true }
        return false
    }
}
