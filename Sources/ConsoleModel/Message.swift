public import EventModel
public import OperationsModel

/// Something that happened to the console.
public enum Message: Sendable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted.
    case paste(String)
    /// The terminal has so many columns and rows.
    case resize(width: Int, height: Int)
    /// The terminal gained or lost the focus.
    case focus(Bool)
    /// The mouse wheel turned by so many rows, up where negative.
    case scroll(Int)
    /// The store holds new events.
    case changed
    /// Time passed; sent as often as ``ConsoleState/tickIntervalMilliseconds`` asks.
    case tick
    /// A question was answered, or was not.
    case answered(FetchToken, Result<Answer, OperationsError>)
    /// A request of an operator was recorded, or was not.
    case requested(RequestToken, Result<EventID, OperationsError>)
    /// Work on a scratch copy has come from one position towards another.
    case scratchProgress(ScratchToken, reached: Position, last: Position)
    /// Work on a scratch copy was done, or was not.
    case scratchAnswered(ScratchToken, Result<ScratchAnswer, OperationsError>)
}

/// Which request of an operator a ``Message/requested(_:_:)`` belongs to.
public struct RequestToken: Hashable, Sendable {
    /// The number of the request in this console.
    public let number: UInt64

    /// Makes a token.
    public init(number: UInt64) {
        self.number = number
    }
}

/// Something the console wants done outside itself.
public enum Effect: Hashable, Sendable {
    /// Ask the store away from the terminal's thread and send ``Message/answered(_:_:)``.
    ///
    /// A question still waiting for its turn in the same slot may be dropped.
    case fetch(Query, FetchToken)
    /// Record the request of an operator and send ``Message/requested(_:_:)``.
    case request(OperationRequest, RequestToken)
    /// Have something done with the scratch copy, away from the terminal's thread and after what
    /// was ordered before, and send ``Message/scratchAnswered(_:_:)``.
    case scratch(ScratchOrder, ScratchToken)
    /// Have the work on the scratch copy end where it is.
    case interruptScratch(ScratchToken)
    /// Let go of the scratch copy, of which nothing is left.
    case endScratch
    /// Put text on the clipboard.
    case copy(String)
    /// Draw with the theme of this name from now on.
    case useTheme(String)
    /// Take mouse events from the terminal, or leave the mouse to it.
    case useMouse(Bool)
    /// Draw the whole screen again.
    case redraw
    /// Ring the bell.
    case bell
    /// Give the terminal back until the process is continued.
    case suspend
    /// Leave.
    case quit
}
