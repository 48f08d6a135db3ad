import ConsoleModel
import EventLog
import Glibc
import Operations
import Screen
import Terminal

extension Verb {
    static let console = Verb(
        "console",
        "Open the console: processors, lag, dead letters, history, replays",
        discussion: "The console only asks and watches: closing it changes nothing. It begins "
            + "read-only; ':arm' lets the operator act. '?' shows the keys.",
        operands: [.store],
        options: ConsoleOptions.options + [
            VerbOption("plain", nil, "Write lines when something changes; no full screen.")
        ],
        examples: [
            Example("console shop.store", "See whether anything is wrong."),
            Example("console shop.store --plain", "Be told in lines, as a screen reader wants."),
            Example("console shop.store --theme day-watch", "On a light terminal."),
        ],
        run: { context in
            let operations = try context.openOperations()
            if context.arguments.has("plain") {
                try PlainConsole(operations, output: context.output).run()
                return .done
            }
            try ConsoleOptions(context).run(operations)
            return .done
        }
    )

    static let frame = Verb(
        "frame",
        "Draw one screen of the console without a terminal",
        operands: [
            .store,
            Operand("SCREEN", ScreenName.allCases.map(\.rawValue).joined(separator: ", ") + "."),
            Operand(
                "ARGUMENT",
                "A group, group@position for step, a stream, or stream@sequence.",
                count: .optional
            ),
        ],
        options: [
            VerbOption("size", "WxH", "Columns and rows; 120x30 unless told."),
            VerbOption("as", "text|ansi|svg", "The form; text unless told."),
        ] + ConsoleOptions.options,
        examples: [
            Example("frame shop.store processors --as svg", "Make a picture of a screen."),
            Example("frame shop.store history customer-17850@3", "See a state in a report."),
            Example("frame shop.store step sales@1733", "See the rows as of a position."),
        ],
        run: drawFrame
    )
}

/// The forms in which a screen is drawn without a terminal.
private enum FrameForm: String, CaseIterable {
    case text
    case ansi
    case svg
}

@Sendable
private func drawFrame(_ context: VerbContext) throws -> ExitStatus {
    let arguments = context.arguments
    let name = arguments.operand("SCREEN")
    guard let screen = ScreenName(rawValue: name) else {
        let names = ScreenName.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure.usage("there is no screen '\(name)'; there are \(names)")
    }
    let size = try arguments.value("size", "columns x rows, such as 120x30") { Size($0) }
    let form = try arguments.choice("as", as: FrameForm.self) ?? .text
    let options = try ConsoleOptions(context, suitsTerminal: form == .ansi)
    let operations = try context.openOperations()
    let frame = HeadlessConsole(operations).frame(
        of: screen,
        arguments.optionalOperand("ARGUMENT"),
        size: size ?? Size(width: 120, height: 30),
        context: options.consoleContext(operations),
        glyphs: options.theme.glyphs
    )
    switch form {
    case .text: try context.output.write(frame.plainText)
    case .ansi:
        try context.output.write(
            frame.ansiText(theme: options.theme, depth: options.depth ?? .direct)
        )
    case .svg: try context.output.write(frame.svg(theme: options.theme, title: name))
    }
    return .done
}

/// What the console is told on the command line.
struct ConsoleOptions {
    /// The theme to begin with.
    let theme: Theme
    /// How many colours to use; nothing looks at the environment.
    let depth: ColorDepth?
    private let themes: ThemeCatalog
    private let environment: String

    /// The options that say it.
    static let options = [
        VerbOption("theme", "T", "The name of a theme, or the path of a theme's file."),
        VerbOption("color", "none|16|256|truecolor", "How many colours to use."),
        VerbOption("ascii", nil, "Draw with ASCII characters only."),
        VerbOption("environment", "E", "The name of the environment, such as production."),
    ]

    /// Reads the options of a call.
    ///
    /// - Parameters:
    ///   - context: the call.
    ///   - suitsTerminal: whether a theme that nobody named follows the terminal's background.
    /// - Throws: ``CommandFailure`` for a theme or a depth that there is not.
    init(_ context: VerbContext, suitsTerminal: Bool = true) throws(CommandFailure) {
        let arguments = context.arguments
        themes = ThemeCatalog.standard()
        let name = arguments.text("theme") ?? (suitsTerminal ? nil : Theme.nightWatch.slug)
        var theme = try themes.chosen(name)
        if arguments.has("ascii") { theme.glyphs = .ascii }
        self.theme = theme
        depth = try arguments.value("color", "one of none, 16, 256, truecolor") {
            ColorDepth(rawValue: $0)
        }
        environment = arguments.text("environment") ?? ""
    }

    /// Opens the console on the terminal of the process.
    func run(_ operations: StoreOperations) throws {
        var options = TerminalOptions()
        options.depth = depth
        do {
            try ConsoleProgram(operations, log: operations.log, themes: themes).run(
                consoleContext(operations),
                theme: theme,
                options: options
            )
        } catch let error as TerminalError {
            throw CommandFailure(
                .wrongUsage,
                "\(error); see --plain, the verb 'frame' and those with --json for use without one"
            )
        }
    }

    func consoleContext(_ operations: StoreOperations) -> ConsoleContext {
        ConsoleContext(
            storeName: operations.log.directory.name,
            storePath: operations.log.directory.path,
            environmentName: environment,
            isProduction: environment.lowercased().hasPrefix("prod"),
            localOffsetMinutes: ConsoleOptions.localOffsetMinutes(),
            themeNames: themes.names,
            themeName: theme.slug
        )
    }

    /// How far local time is ahead of UTC now.
    private static func localOffsetMinutes() -> Int {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return local.tm_gmtoff / 60
    }
}
