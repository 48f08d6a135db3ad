package import EventModel

extension TypeCensus {
    /// Begins to count the events of a type and revision, with the first one.
    package init(first event: borrowing EventView) {
        self.init(
            type: event.eventType,
            revision: event.revision,
            count: 1,
            firstPosition: event.position,
            lastPosition: event.position,
            firstTime: event.recordedTime,
            lastTime: event.recordedTime
        )
    }

    /// Counts the next one.
    package mutating func add(_ event: borrowing EventView) {
        count += 1
        lastPosition = event.position
        lastTime = event.recordedTime
    }
}
