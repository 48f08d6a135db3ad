public import EventModel
public import OperationsModel

/// Everything the console knows: what is drawn is a function of this and a size.
public struct ConsoleState: Sendable {
    /// What was known before the store was asked anything.
    public let context: ConsoleContext
    /// The columns of the terminal; 0 before it told.
    public internal(set) var width = 0
    /// The rows of the terminal; 0 before it told.
    public internal(set) var height = 0
    /// The time of the last message.
    public internal(set) var now: Timestamp
    /// The way to the screen at hand, which comes last.
    public internal(set) var path: [ScreenName] = [.pulse]
    /// The way to the screen that was shown before.
    public internal(set) var previousPath: [ScreenName] = [.pulse]
    /// What lies over the screen.
    public internal(set) var overlay: Overlay?
    /// What the footer tells for a few seconds.
    public internal(set) var notice: Notice?
    /// Who may change something, until when, and why; nothing while read-only.
    public internal(set) var arming: Arming?
    /// Whether the display is held still.
    public internal(set) var isFrozen = false
    /// Whether the terminal has the focus, as far as it tells.
    public internal(set) var isFocused = true
    /// How times are shown.
    public internal(set) var timeStyle = TimeStyle.utc
    /// Whether the mouse wheel scrolls here rather than in the terminal.
    public internal(set) var usesMouse = false
    /// The theme in use.
    public internal(set) var themeName: String
    /// The theme that is looked at in the palette and not chosen yet.
    var previewedTheme: String?

    /// The state of the store as last told.
    public internal(set) var status: StoreStatus?
    /// What is wrong, worst first.
    public internal(set) var problems: [Problem]?
    /// Every processing group, by name.
    public internal(set) var allProcessors: [ProcessorStatus]?
    /// What operators did, newest first.
    public internal(set) var allOperations: [OperationEntry]?
    /// When a slot was last filled.
    public internal(set) var answerTimes: [Slot: Timestamp] = [:]
    /// Why the last question for a slot was not answered.
    public internal(set) var errors: [Slot: OperationsError] = [:]
    /// What was measured over time for the small charts.
    public internal(set) var trends = Trends()

    /// The screen of the same name.
    public internal(set) var pulse = PulseState()
    /// The screen of the same name.
    public internal(set) var streams = TailState()
    /// The screen of the same name.
    public internal(set) var processors = ProcessorsState()
    /// The screen of the same name.
    public internal(set) var processor = ProcessorState()
    /// The screen of the same name.
    public internal(set) var replay = ReplayState()
    /// The screen of the same name.
    public internal(set) var deadLetters = DeadLettersState()
    /// What the screen ``ScreenName/retry`` shows.
    public internal(set) var letterAct = LetterActState()
    /// The screen of effects.
    public internal(set) var effectList = EffectListState()
    /// The screen of the same name.
    public internal(set) var step = StepState()
    /// The screen of the same name.
    public internal(set) var aggregates = AggregatesState()
    /// The screen of the same name.
    public internal(set) var history = HistoryState()
    /// The screen of the same name.
    public internal(set) var snapshots = SnapshotsState()
    /// The screen of the same name.
    public internal(set) var operations = OperationsState()
    /// The screen of the same name.
    public internal(set) var help = HelpState()

    var outstanding: [Slot: Outstanding] = [:]
    var askTimes: [Slot: Timestamp] = [:]
    var lastNumber: UInt64 = 0
    var requests: [UInt64: OperationRequest.Kind] = [:]
    /// The operations requested here whose outcome is not known yet, with what they do.
    var awaited: [EventID: String] = [:]
    /// Whether the first group is to be shown as soon as groups are known.
    var isGroupWanted = false
    var interruptTime: Timestamp?
    /// When the store was last said to hold new events, at first when the console began.
    var changeTime: Timestamp
    var isLeaving = false
    var effects: [Effect] = []

    /// Makes a console that shows Pulse and knows nothing yet.
    public init(context: ConsoleContext, now: Timestamp) {
        self.context = context
        self.now = now
        themeName = context.themeName
        changeTime = now
    }

    /// A question whose answer has not arrived.
    struct Outstanding: Sendable {
        var token: FetchToken
        var query: Query
    }
}

/// How times are shown.
public enum TimeStyle: String, Hashable, Sendable, CaseIterable {
    /// In UTC.
    case utc
    /// In the time zone of the operator.
    case local
    /// As an age.
    case relative
}

/// A few words about what just happened.
public struct Notice: Hashable, Sendable {
    /// How it is coloured.
    public enum Kind: Hashable, Sendable {
        /// Something went well or is neutral.
        case information
        /// Something was not done.
        case refusal
        /// Something failed.
        case failure
    }

    /// The words.
    public var text: String
    /// How it is coloured.
    public var kind: Kind
    /// When it appeared.
    public var time: Timestamp
}

/// The permission to change something for a while.
public struct Arming: Hashable, Sendable {
    /// Why, in the operator's words; it goes into every operation.
    public var reason: String
    /// When the console is read-only again.
    public var endTime: Timestamp

    /// For how long the console is armed.
    public static let seconds = 900.0
}

extension ConsoleState {
    /// The screen at hand.
    public var screen: ScreenName { path.last ?? .pulse }

    /// The name of the store, as it has to be typed in confirmations.
    public var storeName: String { status?.name ?? context.storeName }

    /// Whether no question is waiting for its answer.
    public var isSettled: Bool { outstanding.isEmpty && step.work == nil }

    /// Whether the answer for a slot is still to come.
    public func isWaiting(for slot: Slot) -> Bool { outstanding[slot] != nil }

    /// How a group stands.
    public func processor(named group: String) -> ProcessorStatus? {
        allProcessors?.first { $0.group == group }
    }

    /// The group the screen at hand is about, or that is selected there.
    public var subjectGroup: String? {
        switch screen {
        case .pulse: groupOfProblem
        case .processors: processors.selected?.group
        case .processor: processor.group
        case .replay: replay.request?.group
        case .deadLetters: deadLetters.selectedCause?.group ?? deadLetters.group
        case .retry: letterAct.group
        case .effects: effectList.selected?.group ?? effectList.group
        case .step: step.group
        default: nil
        }
    }

    /// The group that the selected problem is about.
    private var groupOfProblem: String? {
        guard let problems, problems.indices.contains(pulse.cursor.index),
            case .processor(let group) = problems[pulse.cursor.index].place
        else { return nil }
        return group
    }

    /// The event that the group at hand fails at, as far as its failure names one.
    var failedPosition: Position? {
        subjectGroup.flatMap { processor(named: $0)?.failedPosition }
    }

    /// The stream the screen at hand is about, or that is selected there.
    public var subjectStream: StreamName? {
        switch screen {
        case .streams: streams.selected?.stream
        case .aggregates: aggregates.selected?.stream
        case .history: history.stream
        case .snapshots: snapshots.stream
        case .deadLetters: deadLetters.selected?.stream
        default: nil
        }
    }

    /// What a screen in the breadcrumbs is about; empty where its name says all.
    public func subject(of screen: ScreenName) -> String {
        switch screen {
        case .processor: processor.group ?? ""
        case .replay: replay.request?.group ?? ""
        case .deadLetters: deadLetters.group ?? ""
        case .retry: letterAct.group ?? ""
        case .effects: effectList.group ?? ""
        case .step: step.group ?? ""
        case .history: history.stream?.text ?? ""
        case .help: help.subject.title
        default: ""
        }
    }

    mutating func tell(_ text: String, _ kind: Notice.Kind = .information) {
        notice = Notice(text: text, kind: kind, time: now)
    }
}
