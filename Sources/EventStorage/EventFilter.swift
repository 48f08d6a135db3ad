import EventModel

/// The part of a selection that has to look at each event.
///
/// Names are kept as bytes, so that no string is made for an event that does not match.
package struct EventFilter: Sendable {
    private let category: [UInt8]?
    private let types: [[UInt8]]
    private let tags: [EventTag]
    private let sequences: Bounds<UInt64>
    private let times: Bounds<Timestamp>
    private let recordedTimes: Bounds<Timestamp>
    /// Whether every event matches.
    package let isTrivial: Bool

    package init(_ selection: EventSelection) {
        if case .category(let name) = selection.scope {
            category = Array(name.text.utf8)
        } else {
            category = nil
        }
        types = selection.types.map { Array($0.text.utf8) }
        tags = selection.tags
        sequences = Bounds(
            first: selection.fromSequence.number,
            last: selection.throughSequence?.number ?? .max
        )
        times = Bounds(selection.fromTime, selection.throughTime)
        recordedTimes = Bounds(selection.fromRecordedTime, selection.throughRecordedTime)
        isTrivial =
            category == nil && types.isEmpty && tags.isEmpty && times == Bounds(nil, nil)
            && recordedTimes == Bounds(nil, nil) && sequences == Bounds(first: 0, last: .max)
    }

    /// Whether an event is one of those selected.
    package func matches(_ event: borrowing EventView) -> Bool {
        if isTrivial { return true }
        guard sequences.contains(event.sequence.number) else { return false }
        guard times.contains(event.eventTime), recordedTimes.contains(event.recordedTime) else {
            return false
        }
        if let category, !event.isOfCategory(category) { return false }
        if !types.isEmpty && !types.contains(where: { event.type.equals($0) }) { return false }
        return tags.isEmpty || tags.allSatisfy(event.tags.contains)
    }
}

/// The first and the last value that match; none does where the first is behind the last.
private struct Bounds<Value: Comparable & Sendable>: Equatable, Sendable {
    var first: Value
    var last: Value

    func contains(_ value: Value) -> Bool { first <= value && value <= last }
}

extension Bounds<Timestamp> {
    init(_ first: Timestamp?, _ last: Timestamp?) {
        self.init(
            first: first ?? Timestamp(microseconds: .min),
            last: last ?? Timestamp(microseconds: .max)
        )
    }
}
