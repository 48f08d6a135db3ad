import EventModel
import EventStorage

/// Shows events, as a table or as JSON.
struct EventList: ~Copyable {
    private let context: VerbContext
    private let firstCells: (RecordedEvent) -> [String]
    private var table: TextTable
    private var object = EventObject()

    /// Makes a list whose rows begin with cells of their own.
    init(
        _ context: VerbContext,
        firstColumns: [TextTable.Column],
        firstCells: @escaping (RecordedEvent) -> [String]
    ) {
        self.context = context
        self.firstCells = firstCells
        table = TextTable(
            firstColumns + [.text("time"), .text("type"), .text("data")],
            to: context.output
        )
    }

    /// Shows the selected events; ends early where they cannot be written.
    mutating func show(_ selection: EventSelection, of store: any EventStore) throws {
        var failure: (any Error)?
        try store.read(selection) { event in
            do {
                try show(event.recorded)
                return Interrupt.isRaised ? .stop : .more
            } catch {
                failure = error
                return .stop
            }
        }
        if let failure { throw failure }
        try table.flush()
    }

    private mutating func show(_ event: RecordedEvent) throws {
        if context.printsJSON {
            try object.write(event, to: context.output)
        } else {
            try table.row(
                firstCells(event) + [
                    event.eventTime.description, event.type.text, event.payloadText,
                ]
            )
        }
    }
}
