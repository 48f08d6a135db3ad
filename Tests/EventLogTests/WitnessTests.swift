import Disk
import EventLog
import EventModel
import EventStorage
import RecountTesting
import Testing

@Suite struct WitnessTests {
    private let directory = TemporaryDirectory()

    private func makeLog() throws -> EventLog {
        let log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 1 << 20)
        )
        _ = try log.append(TestEvents.request(4, to: "cart-1"))
        return log
    }

    @Test func `a log shorter than what others have seen is read-only, and says what is missing`()
        throws
    {
        let log = try makeLog()
        let error = try #require(
            try log.hold(against: [
                LogWitness(position: Position(3), what: "processing group a has handled"),
                LogWitness(position: Position(9), what: "processing group revenue has handled"),
            ])
        )
        #expect(error.code == .aheadOfHistory)
        let start =
            "positions 5 to 9 are missing: processing group revenue has handled position 9; restore"
        #expect(error.message.hasPrefix(start))
        #expect(log.readOnlyReason?.hasPrefix(start) == true)
        let refused = #expect(throws: AppendError.self) {
            try log.append(TestEvents.request(1, to: "cart-1", from: 10))
        }
        #expect(refused == .refused(.readOnly(error.description)))
        #expect(try log.events(EventSelection()).count == 4)
        #expect(try log.stream(StreamName("cart-1"))?.eventCount == 4)
        // Whoever opens it without a witness that has seen more may write.
        let again = try EventLog.open(log.directory)
        try again.hold(against: [LogWitness(position: Position(3), what: "a has handled")])
        _ = try again.append(TestEvents.request(1, to: "cart-1", from: 10))
        #expect(try log.head() == Position(5))
    }

    @Test func `a log that holds all that was seen can be written to`() throws {
        let log = try makeLog()
        #expect(try log.hold(against: []) == nil)
        #expect(try log.hold(against: [LogWitness(position: Position(4), what: "a has")]) == nil)
        #expect(log.readOnlyReason == nil)
        _ = try log.append(TestEvents.request(1, to: "cart-1", from: 10))
        let next = try log.hold(against: [LogWitness(position: Position(6), what: "a has")])
        #expect(next?.message.hasPrefix("position 6 is missing: a has position 6") == true)
    }
}
