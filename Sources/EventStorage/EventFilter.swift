import EventModel

/// The part of a selection that has to look at each event.
///
/// Names are kept as bytes, so that no string is made for an event that does not match.
package struct EventFilter: Sendable {
    private let category: [UInt8]?
    private let types: [[UInt8]]
    private let tags: [EventTag]
    private let sequences: ClosedRange<UInt64>
    private let times: ClosedRange<Timestamp>?
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
        let last = max(selection.throughSequence?.number ?? .max, selection.fromSequence.number)
        sequences = selection.fromSequence.number...last
        if selection.fromTime == nil && selection.throughTime == nil {
            times = nil
        } else {
            let first = selection.fromTime ?? Timestamp(microseconds: .min)
            times = first...max(first, selection.throughTime ?? Timestamp(microseconds: .max))
        }
        isTrivial =
            category == nil && types.isEmpty && tags.isEmpty && times == nil
            && sequences == 0...UInt64.max
    }

    /// Whether an event is one of those selected.
    package func matches(_ event: borrowing EventView) -> Bool {
        if isTrivial { return true }
        guard sequences.contains(event.sequence.number) else { return false }
        if let times, !times.contains(event.eventTime) { return false }
        if let category, !event.isOfCategory(category) { return false }
        if !types.isEmpty && !types.contains(where: { event.type.equals($0) }) { return false }
        return tags.isEmpty || tags.allSatisfy(event.tags.contains)
    }
}
