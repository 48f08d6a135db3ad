import OperationsModel
import Screen

extension StyledText {
    /// What the plan of a replay says about the events of a type.
    init(_ handling: ReplayPlan.Handling) {
        switch handling {
        case .none: self.init("no, passed", .muted)
        case .same: self.init("yes", Style(.stateOK))
        case .replaced: self.init("otherwise", Style(.stateReplaying))
        case .muted: self.init("muted", Style(.statePaused))
        }
    }
}
