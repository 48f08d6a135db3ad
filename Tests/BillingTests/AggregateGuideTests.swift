import Disk
import EventLog
import Recount
import RecountTesting
import Testing

/// An order whose lines are parts with a rule of their own.
struct Order: Aggregate, Codable, Hashable {
    enum Command: Hashable {
        case place(item: String, count: Int)
        case ship(item: String, count: Int)
        case note(String)
    }

    enum Event: DomainEvent, Hashable {
        case placed(item: String, count: Int)
        case shipped(item: String, count: Int)
        case noted(String)

        static let forms = EventForms(prefix: "Order", cases: "placed", "shipped", "noted")
    }

    enum Rejection: Error, Hashable {
        case unknownItem
        case tooMany(left: Int)
    }

    struct Line: Codable, Hashable {
        var count: Int
        var shippedCount = 0

        func decideShipping(_ wanted: Int) throws(Rejection) {
            let left = count - shippedCount
            guard wanted <= left else { throw .tooMany(left: left) }
        }
    }

    static let category = Category("order")
    static var snapshotEvery: Int? { 100 }

    var lines: [String: Line] = [:]
    var notes: [String] = []

    func decide(_ command: Command) throws(Rejection) -> [Event] {
        switch command {
        case .place(let item, let count):
            return [.placed(item: item, count: count)]
        case .ship(let item, let count):
            guard let line = lines[item] else { throw .unknownItem }
            try line.decideShipping(count)
            return [.shipped(item: item, count: count)]
        case .note(let text):
            return [.noted(text)]
        }
    }

    mutating func evolve(_ event: Event) {
        switch event {
        case .placed(let item, let count): lines[item, default: Line(count: 0)].count += count
        case .shipped(let item, let count): lines[item]?.shippedCount += count
        case .noted(let text): notes.append(text)
        }
    }

    func allows(_ decided: [Event], after others: [Event]) -> Bool {
        decided.allSatisfy { if case .noted = $0 { true } else { false } }
    }
}

/// What the guide to aggregates shows, run.
@Suite struct AggregateGuideTests {
    @Test func `a part decides for itself`() throws {
        try given(Order.self, [.placed(item: "book", count: 3)])
            .when(.ship(item: "book", count: 2)).then([.shipped(item: "book", count: 2)])
            .when(.ship(item: "book", count: 2)).thenRejects(.tooMany(left: 1))
            .when(.ship(item: "lamp", count: 1)).thenRejects(.unknownItem)
    }

    @Test func `commands go to a store`() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/shop.store"
        _ = try EventLog.create(StoreDirectory(path), id: EventID(high: 1, low: 1))
        let application = try Application(version: "1.4.0") { Order.self }

        let shop = try application.open(path)
        defer { shop.close() }
        let orders = try shop.repository(of: Order.self)
        let placed = CommandMetadata(commandID: EventID(high: 7, low: 1))
        _ = try orders.handle(.place(item: "book", count: 3), for: "17", .new, metadata: placed)
        // The same command again has no second effect.
        let again = try orders.handle(
            .place(item: "book", count: 3),
            for: "17",
            .new,
            metadata: placed
        )
        #expect(again.isRepeated)

        let shipped = CommandMetadata(commandID: EventID(high: 7, low: 2))
        do {
            _ = try orders.handle(.ship(item: "book", count: 4), for: "17", metadata: shipped)
        } catch {
            guard case .rejected(.tooMany(left: 3)) = error else { throw error }
        }

        var session = AggregateSession(orders)
        let outcomes = session.handle(
            (1...1000).map { number in
                AggregateSession<Order>.Order(
                    .note("checked \(number)"),
                    for: "17",
                    metadata: CommandMetadata(commandID: EventID(high: 8, low: UInt64(number)))
                )
            }
        )
        #expect(try outcomes.allSatisfy { try $0.get().placements.count == 1 })
        #expect(try orders.load("17").root.notes.count == 1000)
        let event = try #require(try shop.log.event(at: Position(1)))
        #expect(try JSONValue(parsing: event.metadata)["build"] == "1.4.0")
    }
}
