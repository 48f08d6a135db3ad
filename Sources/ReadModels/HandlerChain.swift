import EventModel
import EventStorage
import Processing
import SQLiteDatabase

/// What handles the events of a group's projections, in their order; this is the end of it, which
/// handles nothing.
///
/// Constants all the way down, of which none can be absent: whoever calls it for an event neither
/// looks whether somebody changes it nor retains parts of it, as the elements of an array would be.
class HandlerChain: GroupHandler {
    /// Prepares the handlers of projections, for the thread that calls.
    ///
    /// - Parameters:
    ///   - projections: whose handlers.
    ///   - database: where the tables are.
    ///   - outbox: where they ask for effects.
    /// - Returns: what calls each, in the order of the projections.
    /// - Throws: what the projections have against the tables.
    static func make(
        _ projections: [any Projection],
        in database: SQLiteConnection,
        asking outbox: EffectOutbox = EffectOutbox()
    ) throws -> HandlerChain {
        var chain = HandlerChain()
        for projection in projections.reversed() {
            let handler = try projection.makeRuledHandler(in: database, asking: outbox)
            chain = TypedHandler(handler, for: projection.eventTypes, before: chain)
        }
        return outbox.isEmpty ? chain : AskingHandler(chain, outbox)
    }

    func mayHandle(_ event: borrowing EventView) -> Bool { false }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool { false }

    /// Calls each.
    func forEach(_ body: (any ProjectionHandler) throws -> Void) throws {}
}

/// What handles the events of a projection, which ones, and what comes after it.
private final class TypedHandler: HandlerChain {
    private let handler: any ProjectionHandler
    /// The names of the types in UTF-8; nothing means every type.
    private let types: [[UInt8]]?
    private let next: HandlerChain

    init(_ handler: any ProjectionHandler, for types: [EventType]?, before next: HandlerChain) {
        self.handler = handler
        self.types = types?.map { Array($0.text.utf8) }
        self.next = next
    }

    override func mayHandle(_ event: borrowing EventView) -> Bool {
        isFor(event) || next.mayHandle(event)
    }

    override func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        let isHandled = try isFor(event) && handler.handle(event, isReplay: isReplay)
        return try next.handle(event, isReplay: isReplay) || isHandled
    }

    override func forEach(_ body: (any ProjectionHandler) throws -> Void) throws {
        try body(handler)
        try next.forEach(body)
    }

    private func isFor(_ event: borrowing EventView) -> Bool {
        guard let types else { return true }
        for type in types where event.type.equals(type) { return true }
        return false
    }
}

/// Handlers that ask for effects.
private final class AskingHandler: HandlerChain {
    private let handlers: HandlerChain
    private let outbox: EffectOutbox

    init(_ handlers: HandlerChain, _ outbox: EffectOutbox) {
        self.handlers = handlers
        self.outbox = outbox
    }

    override func mayHandle(_ event: borrowing EventView) -> Bool { handlers.mayHandle(event) }

    override func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        try outbox.withAsker(event, isReplay: isReplay) {
            try handlers.handle(event, isReplay: isReplay)
        }
    }

    override func forEach(_ body: (any ProjectionHandler) throws -> Void) throws {
        try handlers.forEach(body)
    }
}
