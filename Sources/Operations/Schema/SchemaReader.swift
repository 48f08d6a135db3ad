import Aggregates
import EventModel
import EventSchema
import EventStorage
import OperationsModel
import ReadModels

/// Reads streams one after the other as folds and projections would, and counts what it finds.
///
/// For one thread. Memory grows with the forms of events, not with their number.
struct SchemaReader {
    private let store: any EventStore
    private let domain: Domain
    private let head: Position
    /// The types that projections handle; nothing means every type.
    private let projectedTypes: Set<EventType>?
    private var entries: [Category: [Entry]] = [:]

    /// A form, its type also in the bytes that events carry.
    private struct Entry {
        let type: [UInt8]
        var reading: FormReading

        func matches(_ event: borrowing EventView) -> Bool {
            reading.form.revision == event.revision && event.type.equals(type)
        }
    }

    init(_ store: any EventStore, _ domain: Domain, through head: Position) {
        self.store = store
        self.domain = domain
        self.head = head
        var types: Set<EventType>? = []
        for group in domain.groups { types = group.handledTypes.flatMap { types?.union($0) } }
        projectedTypes = types
    }

    /// What was found so far, in no order.
    var readings: [FormReading] { entries.values.joined().map(\.reading) }

    /// Folds a stream from its first event to the head.
    ///
    /// An event that cannot be read leaves the state as it was, and those behind it are read too.
    ///
    /// - Parameters:
    ///   - stream: the stream.
    ///   - note: called after each event.
    /// - Throws: `StorageError`; what keeps the rules of the category from being used.
    mutating func read(_ stream: StreamName, note: () -> Void) throws {
        let category = stream.category
        let fold = domain.folds[category]
        let mentioned = fold.types.flatMap { projectedTypes?.union($0) }
        var known = entries.removeValue(forKey: category) ?? []
        defer { entries[category] = known }
        var state = try fold.makeState()
        var lastPosition: Position?
        try store.read(EventSelection(.stream(stream), through: head)) { event in
            let index = SchemaReader.index(of: event, category, in: &known)
            known[index].reading.eventCount += 1
            do {
                let isMentioned = try SchemaReader.isAny(of: mentioned, event, domain.upcastings)
                if isMentioned { known[index].reading.isMentioned = true }
                try state.apply(event)
            } catch {
                known[index].reading.note(RejectedEvent(event, error))
            }
            lastPosition = event.position
            note()
            return .more
        }
        guard let lastPosition, let last = try store.event(at: lastPosition) else { return }
        do {
            _ = try state.encoded()
        } catch {
            last.withView { event in
                let index = SchemaReader.index(of: event, category, in: &known)
                let reason = "the state after it cannot be written as JSON: \(error)"
                known[index].reading.note(RejectedEvent(event, FoldError.rules(reason)))
            }
        }
    }

    /// Whether what an event is today is of one of some types, or upcasters drop it; nothing
    /// means every type.
    private static func isAny(
        of types: Set<EventType>?,
        _ event: borrowing EventView,
        _ upcastings: Upcastings
    ) throws -> Bool {
        var isDropped = true
        var isMentioned = types == nil
        try upcastings.forEachCurrent(of: event) { current in
            isDropped = false
            if let types, !isMentioned { isMentioned = types.contains(current.eventType) }
        }
        return isMentioned || isDropped
    }

    private static func index(
        of event: borrowing EventView,
        _ category: Category,
        in entries: inout [Entry]
    ) -> Int {
        for index in entries.indices where entries[index].matches(event) { return index }
        let form = EventForm(event.eventType, revision: event.revision)
        entries.append(
            Entry(type: event.type.bytes, reading: FormReading(category: category, form: form))
        )
        return entries.count - 1
    }
}
