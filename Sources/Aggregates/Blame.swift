public import EventModel
import EventStorage
public import JSON

/// A field of a state, and the event that last changed it.
public struct FieldOrigin: Hashable, Sendable {
    /// The way to the field.
    public let path: JSONPath
    /// What stands there.
    public let value: JSONValue
    /// The event after which it stands there.
    public let event: EventFacts
}

extension StateReader {
    /// The event that last changed what a path leads to; nothing where it leads nowhere.
    ///
    /// A change of anything inside counts as a change of the whole.
    ///
    /// - Complexity: one fold from the beginning, with a comparison after each event.
    public func origin(
        of path: JSONPath,
        in stream: StreamName,
        through sequence: Sequence? = nil
    ) throws(FoldError) -> FieldOrigin? {
        var value: JSONValue?
        var changing: EventFacts?
        try forEachState(of: stream, through: sequence) { state, event in
            let new = state[path]
            if new != value { changing = event }
            value = new
        }
        guard let value, let changing else { return nil }
        return FieldOrigin(path: path, value: value, event: changing)
    }

    /// Every field of a state that holds no other, in the order of the state, with the event
    /// that last changed it.
    ///
    /// - Throws: also an error for the event after which the state has too many fields for a list.
    /// - Complexity: one fold from the beginning, with a comparison after each event.
    public func origins(
        in stream: StreamName,
        through sequence: Sequence? = nil
    ) throws(FoldError) -> [FieldOrigin] {
        var last: JSONValue?
        var changes: [JSONPath: EventFacts] = [:]
        try forEachState(of: stream, through: sequence, isListed: true) { state, event in
            for difference in (last ?? .null).differences(to: state) {
                changes[difference.path] = event
            }
            last = state
        }
        var origins: [FieldOrigin] = []
        last?.forEachField { path, value in
            // What was set as a part of something larger has the origin of that.
            let events = (0...path.steps.count).compactMap {
                changes[JSONPath(Array(path.steps.prefix($0)))]
            }
            if let event = events.max(by: { $0.sequence < $1.sequence }) {
                origins.append(FieldOrigin(path: path, value: value, event: event))
            }
        }
        return origins
    }

    /// Shows the state after each event of a stream, and refuses one that is to be listed and is
    /// too large for it.
    private func forEachState(
        of stream: StreamName,
        through sequence: Sequence?,
        isListed: Bool = false,
        _ body: (JSONValue, EventFacts) -> Void
    ) throws(FoldError) {
        var run = try FoldRun(folds[stream.category])
        var failure: FoldError?
        let selection = EventSelection(.stream(stream), throughSequence: sequence)
        try run.apply(selection, of: store) { run, event in
            do throws(FoldError) {
                let state = try JSONValue(state: run.encoded())
                if isListed, !state.isListable {
                    throw .event(RejectedEvent(event, UnlistableState()))
                }
                body(state, EventFacts(event))
                return .more
            } catch {
                failure = error
                return .stop
            }
        }
        if let failure { throw failure }
    }
}

extension JSONValue {
    /// Shows every value inside that holds no other, or the value itself where it does not.
    fileprivate func forEachField(
        at path: JSONPath = JSONPath(),
        _ body: (JSONPath, JSONValue) -> Void
    ) {
        switch self {
        case .object(let object) where !object.isEmpty:
            for member in object.members {
                member.value.forEachField(at: JSONPath(path.steps + [.key(member.key)]), body)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                element.forEachField(at: JSONPath(path.steps + [.index(index)]), body)
            }
        default: body(path, self)
        }
    }
}
