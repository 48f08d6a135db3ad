import EventModel
import Processing
import Testing

private let operation = EventID(high: 1, low: 1)

@Test func `an event is a replay up to and with the reset position`() {
    let token = TrackingToken(position: Position(10))
        .reset(after: .start, at: .epoch, by: operation, rateLimit: nil)
    #expect(token.position == .start)
    #expect(token.isReplay(Position(1)) && token.isReplay(Position(10)))
    #expect(!token.isReplay(Position(11)))
    #expect(!TrackingToken(position: Position(10)).isReplay(Position(5)))
}

@Test func `a replay has replayed all at the reset position, not before`() {
    var token = TrackingToken(position: Position(10))
        .reset(after: Position(4), at: .epoch, by: operation, rateLimit: nil)
    token.advance(to: Position(9))
    #expect(!token.hasReplayedAll)
    token.advance(to: Position(10))
    #expect(token.hasReplayedAll)
    token.endReplay()
    #expect(token == TrackingToken(position: Position(10)))
}

@Test func `a reset during a replay keeps what was decided before the first`() {
    var token = TrackingToken(position: Position(10))
        .reset(after: .start, at: .epoch, by: operation, rateLimit: nil)
    token.advance(to: Position(3))
    token = token.reset(after: .start, at: .epoch, by: operation, rateLimit: nil)
    #expect(token.isReplay(Position(10)) && !token.isReplay(Position(11)))
}
