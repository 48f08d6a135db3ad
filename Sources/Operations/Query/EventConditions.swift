import EventModel
import EventStorage
import SQLiteDatabase

/// The columns of the table `events` in order.
enum EventColumn: Int, CaseIterable {
    case position, stream, category, sequence, id, type, revision, time, recordedTime
    case data, metadata

    /// What SQLite calls a row's number.
    static let rowIdentifier = -1

    /// The column with a number, of which the row identifier is another name for the position.
    init?(number: Int) {
        self.init(rawValue: number == EventColumn.rowIdentifier ? 0 : number)
    }

    /// The declared type; data has none, so that it is never converted.
    var type: String {
        switch self {
        case .position, .sequence, .revision: "INTEGER"
        case .data: ""
        default: "TEXT"
        }
    }

    /// Whether a condition helps to find events.
    func isUseful(_ comparison: SQLiteComparison) -> Bool {
        switch self {
        case .position, .sequence, .time, .recordedTime: true
        case .stream, .category, .type: comparison == .equal
        case .id, .revision, .data, .metadata: false
        }
    }
}

/// What SQL's conditions leave of the log: no event that meets them all is outside.
struct EventConditions {
    /// Which positions can meet the conditions; may be empty.
    private(set) var positions = NumberRange()
    /// Which sequences can meet the conditions; may be empty.
    private(set) var sequences = NumberRange()
    private(set) var stream: StreamName?
    private(set) var category: Category?
    private(set) var type: EventType?
    private(set) var times = TimeTextRange()
    private(set) var recordedTimes = TimeTextRange()
    /// Whether no event can meet them.
    private(set) var isImpossible = false

    init(_ conditions: [SQLiteCondition]) {
        for condition in conditions {
            guard let column = EventColumn(number: condition.column) else { continue }
            switch condition.value {
            case .null: isImpossible = true
            case .integer(let value): narrow(column, condition.comparison, value)
            case .text(let value): narrow(column, condition.comparison, value)
            // SQLite compares with these itself.
            case .real, .blob: break
            }
        }
    }

    private mutating func narrow(
        _ column: EventColumn,
        _ comparison: SQLiteComparison,
        _ value: Int64
    ) {
        switch column {
        case .position: positions.narrow(comparison, value)
        case .sequence: sequences.narrow(comparison, value)
        default: break
        }
    }

    private mutating func narrow(
        _ column: EventColumn,
        _ comparison: SQLiteComparison,
        _ value: String
    ) {
        switch column {
        case .stream where comparison == .equal: stream = StreamName(value)
        case .category where comparison == .equal: category = Category(value)
        case .type where comparison == .equal: type = EventType(value)
        case .time: times.narrow(comparison, value)
        case .recordedTime: recordedTimes.narrow(comparison, value)
        default: break
        }
    }

    /// The conditions as a selection, apart from positions and the end of the times.
    var selection: EventSelection {
        EventSelection(
            stream.map { .stream($0) } ?? category.map { .category($0) } ?? .all,
            fromSequence: Sequence(UInt64(sequences.first)),
            throughSequence: Sequence(UInt64(max(0, sequences.last))),
            types: type.map { [$0] } ?? [],
            fromTime: times.first.microseconds == .min ? nil : times.first
        )
    }
}

/// A range of numbers from 0 on.
struct NumberRange: Hashable {
    /// The first number.
    private(set) var first: Int64 = 0
    /// The last number; less than the first where there is none.
    private(set) var last: Int64 = .max

    var isEmpty: Bool { first > last }

    /// Leaves out numbers that do not compare so with `value`.
    mutating func narrow(_ comparison: SQLiteComparison, _ value: Int64) {
        switch comparison {
        case .equal:
            first = max(first, value)
            last = min(last, value)
        case .greaterOrEqual: first = max(first, value)
        case .lessOrEqual: last = min(last, value)
        case .greater where value == .max, .less where value == .min: last = -1
        case .greater: first = max(first, value + 1)
        case .less: last = min(last, value - 1)
        }
    }
}
