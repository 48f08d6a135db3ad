public import Aggregates
public import EventModel
import EventStorage
public import JSON
public import OperationsModel

extension StoreOperations {
    /// The state of an aggregate at one point; its lines are empty before it began.
    public func state(
        of stream: StreamName,
        at point: StatePoint
    ) throws(OperationsError) -> AggregateState {
        try OperationsError.telling { try AggregateState(streamState(of: stream, at: point)) }
    }

    /// What differs between the states at two sequences; `nil` is the state before the first.
    public func difference(
        of stream: StreamName,
        from earlier: Sequence?,
        to later: Sequence?
    ) throws(OperationsError) -> [FieldDifference] {
        try OperationsError.telling {
            try value(of: stream, at: earlier).differences(to: value(of: stream, at: later))
                .map(FieldDifference.init)
        }
    }

    /// For each field of the state at a point, the event that last changed it.
    public func origins(
        of stream: StreamName,
        through sequence: Sequence?
    ) throws(OperationsError) -> [FieldOrigin] {
        try OperationsError.telling {
            try stateReader.origins(in: stream, through: sequence)
        }
    }

    /// The event that last changed what a path of the state at a point leads to; nothing where it
    /// leads nowhere.
    public func origin(
        of path: JSONPath,
        in stream: StreamName,
        through sequence: Sequence?
    ) throws(OperationsError) -> FieldOrigin? {
        try OperationsError.telling {
            try stateReader.origin(of: path, in: stream, through: sequence)
        }
    }

    var stateReader: StateReader {
        StateReader(store: log, snapshots: snapshots, folds: domain.folds)
    }

    private func streamState(of stream: StreamName, at point: StatePoint) throws -> StreamState {
        switch point {
        case .head:
            try snapshotter.load(stream)
        case .sequence(let sequence):
            try timelines.state(of: stream, at: sequence, in: stateReader)
        case .position(let position):
            try stateReader.state(of: stream, at: .position(position))
        case .time(let time):
            try stateReader.state(of: stream, at: .time(time))
        }
    }

    private func value(of stream: StreamName, at sequence: Sequence?) throws -> JSONValue {
        guard let sequence,
            let json = try streamState(of: stream, at: .sequence(sequence)).json
        else { return .null }
        let state = try JSONValue(parsing: json, options: .ofStates)
        guard state.isListable else {
            throw OperationsError(
                .refused,
                "the state of \(stream) at sequence \(sequence) is too large to be compared field "
                    + "by field; recount state --json tells the whole state"
            )
        }
        return state
    }
}

extension JSONOptions {
    /// How states are read back: as deep as a value can be.
    static let ofStates = JSONOptions(
        depthMax: JSONOptions.depthLimit,
        rejectsDuplicateKeys: false
    )
}

extension AggregateState {
    fileprivate init(_ state: StreamState) throws {
        var lines: [Line] = []
        if let json = state.json {
            lines = StateLines.lines(of: try JSONValue(parsing: json, options: .ofStates))
        }
        self.init(
            stream: state.stream,
            last: state.last.map(EventSummary.init),
            json: state.json,
            lines: lines,
            snapshotSequence: state.snapshotSequence,
            rules: state.rules
        )
    }
}

extension FieldDifference {
    fileprivate init(_ difference: JSONDifference) {
        self.init(
            path: difference.path.description,
            before: difference.before?.description,
            after: difference.after?.description
        )
    }
}
