import EventModel
import Processing
import ReadModels
import SQLiteDatabase

/// What SQL that begins or ends a replay can ask for, each under its name with a colon.
enum ReplayName: String, ParameterName, CaseIterable {
    /// The identity of the request in `$operations`.
    case operation
    /// Who asked for the replay.
    case `operator`
    /// On which machine.
    case host
    /// Why, in the operator's words.
    case reason
    /// When the replay began: RFC 3339 in UTC.
    case startTime
    /// 1 where only some events are handled again.
    case isPartial
    /// 1 where the rows are made beside those in use.
    case isShadow

    /// What it stands for in a replay.
    func value(in replay: ReplayContext) -> SQLiteValue {
        switch self {
        case .operation: .text(replay.operation.description)
        case .operator: .text(replay.author.operatorName)
        case .host: .text(replay.author.host)
        case .reason: .text(replay.author.reason)
        case .startTime: .text(replay.startTime.description)
        case .isPartial: .integer(replay.isPartial ? 1 : 0)
        case .isShadow: .integer(replay.isShadow ? 1 : 0)
        }
    }
}
