public import EventModel
public import OperationsModel

/// What lies over a screen and takes the keys.
public enum Overlay: Sendable {
    /// The palette behind `:`.
    case palette(CommandPalette)
    /// The action menu behind `a`.
    case menu(ActionMenu)
    /// A question with yes or no, in the footer.
    case question(Question)
    /// A confirmation by typing a name.
    case typedConfirmation(TypedConfirmation)
    /// A line to type, in the footer.
    case prompt(Prompt)
}

/// A question with yes or no; no is what every key but `y` means.
public struct Question: Hashable, Sendable {
    /// What happens at yes.
    public enum Consequence: Hashable, Sendable {
        /// An operation is requested.
        case request(OperationRequest.Kind)
        /// The console is left.
        case quit
    }

    /// The question without the choice of answers.
    public var text: String
    /// What happens at yes.
    public var consequence: Consequence
}

/// A confirmation of something costly: the name of the target has to be typed.
public struct TypedConfirmation: Hashable, Sendable {
    /// Which button Enter presses.
    public enum Focus: Hashable, Sendable {
        /// The one that changes nothing.
        case cancel
        /// The one that does it.
        case confirm
    }

    /// What is about to be done, as a heading.
    public var title: String
    /// What it means, one sentence each.
    public var consequences: [String]
    /// What has to be typed.
    public var expected: String
    /// What was typed so far.
    public var editor = LineEditor()
    /// Which button Enter presses.
    public var focus = Focus.cancel
    /// What is requested at the end.
    public var kind: OperationRequest.Kind
    /// Why, where it has a reason of its own besides that of the arming.
    public var reason: String?
    /// When it appeared; keys right after that were meant for something else.
    public var openTime: Timestamp
    /// Why the last key did nothing.
    public var complaint: String?

    /// How long keys are dropped after it appeared.
    public static let guardMilliseconds = 300

    /// Whether what was typed is what has to be typed.
    public var matches: Bool { editor.text.hasSameBytes(as: expected) }

    func isGuarded(at now: Timestamp) -> Bool {
        now.microseconds - openTime.microseconds < Int64(Self.guardMilliseconds) * 1000
    }
}

/// A line an operator types for a purpose.
public struct Prompt: Hashable, Sendable {
    /// What the line is for.
    public enum Purpose: Hashable, Sendable {
        /// Narrow the list at hand.
        case filter
        /// Go to a place in the list or history at hand.
        case goTo
        /// Say why changes are to be allowed.
        case armReason
        /// Choose where the planned replay starts.
        case replayStart
        /// Choose how fast the planned replay goes at most.
        case replayRate
        /// Choose how fast the planned retry of dead letters goes at most.
        case retryRate
        /// Say why dead letters are given up.
        case letterReason
        /// Say why an effect is tried again or given up.
        case effectReason(EventID, EffectChoice)
        /// Move the scratch copy by a number of events, or to a place.
        case stepTo
        /// Move the scratch copy to the next event of a stream.
        case stepStream
        /// Move the scratch copy to the next event of a type.
        case stepType
        /// Move the scratch copy on until a condition holds.
        case stepUntil
        /// Ask the tables of the scratch copy.
        case stepQuery
    }

    /// What the line is for.
    public var purpose: Purpose
    /// What was typed so far.
    public var editor: LineEditor
    /// What is wrong with it; nothing where nothing is.
    public var complaint: String?

    /// The words before the line.
    public var label: String {
        switch purpose {
        case .filter: "filter"
        case .goTo: "go to"
        case .armReason: "arm for 15 minutes, because"
        case .replayStart: "replay from"
        case .replayRate, .retryRate: "events a second at most"
        case .letterReason, .effectReason(_, .giveUp): "give up, because"
        case .effectReason(_, .retry): "try again, because"
        case .stepTo: "go to"
        case .stepStream: "on to the next event of the stream"
        case .stepType: "on to the next event of the type"
        case .stepUntil: "on until SQL gives a value but 0"
        case .stepQuery: "SQL on the tables as they are here"
        }
    }

    /// What may be typed.
    public var example: String {
        switch purpose {
        case .filter: "text, type:Name"
        case .goTo: "#1733, 2026-11-20T09:14:07Z, -2h"
        case .armReason: "reason, kept in the log"
        case .replayStart: "start, #1733, 2026-11-20T09:14:07Z, -2h"
        case .replayRate, .retryRate: "10000, or nothing for no limit"
        case .letterReason, .effectReason: "reason, kept in the log"
        case .stepTo: "#1733, +100, -25, start, head, a time, -2h"
        case .stepStream, .stepType: ""
        case .stepUntil: "SELECT 1 FROM t WHERE n < 0"
        case .stepQuery: "SELECT …"
        }
    }
}
