/// How many rows of a list a screen shows, so that a page is a page.
public enum ConsoleLayout {
    /// The narrowest terminal the console draws itself in.
    public static let widthMinimum = 80
    /// The lowest terminal the console draws itself in.
    public static let heightMinimum = 24
    /// The width from which a list has its detail beside it.
    public static let twoPaneWidth = 120
    /// The width from which there are three panes.
    public static let threePaneWidth = 180
    /// The rows above and below the body of a screen.
    public static let chromeHeight = 5

    /// The rows of the commands below the list of aggregates in a terminal of so many rows.
    public static func commandRows(height: Int) -> Int {
        min(12, (height - chromeHeight) / 3)
    }

    /// The rows of the two lists of dead letters.
    public struct LetterRows: Hashable, Sendable {
        /// The rows of the causes.
        public var causes: Int
        /// The rows of the sequences of the selected cause.
        public var sequences: Int
    }

    /// The rows of the lists of dead letters, which are above the selected letter.
    public static func letterRows(height: Int) -> LetterRows {
        let rows = max(2, height - chromeHeight - detailHeight(height: height) - 5)
        let causes = max(1, rows * 2 / 5)
        return LetterRows(causes: causes, sequences: rows - causes)
    }

    /// The rows of the selected letter or effect below the lists.
    public static func detailHeight(height: Int) -> Int { max(6, height / 3 - 2) }

    /// The rows of the list of a screen in a terminal of so many rows; at least 1.
    public static func listRows(on screen: ScreenName, height: Int) -> Int {
        let body = height - chromeHeight
        let rows =
            switch screen {
            case .streams, .aggregates: body - 2
            case .processors, .operations: max(6, body / 3)
            case .history: body - 4
            case .snapshots: body / 2
            case .pulse: body - 9
            case .step: body - 6
            case .deadLetters: letterRows(height: height).sequences
            case .effects: body - detailHeight(height: height) - 3
            case .processor, .replay, .retry, .help: body
            }
        return max(1, rows)
    }
}

extension ConsoleState {
    /// Whether the terminal is large enough for the console to draw itself.
    var isDrawn: Bool {
        width >= ConsoleLayout.widthMinimum && height >= ConsoleLayout.heightMinimum
    }

    /// Whether there is room for a detail beside a list.
    public var isWide: Bool { width >= ConsoleLayout.twoPaneWidth }

    /// The rows of the list of the screen at hand.
    var listRows: Int { listRows(on: screen) }

    /// The rows of the list of a screen.
    func listRows(on screen: ScreenName) -> Int {
        let rows = ConsoleLayout.listRows(on: screen, height: height)
        guard screen == .aggregates, aggregates.hasCommands else { return rows }
        return max(1, rows - ConsoleLayout.commandRows(height: height))
    }
}
