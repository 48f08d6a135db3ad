package import ConsoleModel
import ConsoleViews
import EventLog
package import EventModel
package import OperationsModel
package import Screen

/// The console without a terminal: one screen, as it looks when every question is answered.
package struct HeadlessConsole {
    private let source: any OperationsSource
    private let now: TimeSource

    /// Makes a console that shows a source of answers.
    package init(_ source: any OperationsSource, now: @escaping TimeSource = EventLog.systemTime) {
        self.source = source
        self.now = now
    }

    /// Draws a screen.
    ///
    /// - Parameters:
    ///   - screen: which.
    ///   - argument: what it is about, such as a group or `stream@sequence`.
    ///   - size: columns and rows.
    ///   - context: what the console knows beforehand.
    ///   - glyphs: the characters it may use.
    /// - Returns: the frame.
    func frame(
        of screen: ScreenName,
        _ argument: String?,
        size: Size,
        context: ConsoleContext,
        glyphs: GlyphSet
    ) -> Frame {
        let state = state(showing: screen, argument, size: size, context: context)
        return render(state, size: size, glyphs: glyphs)
    }

    /// The state of a console that shows a screen and has all its answers.
    package func state(
        showing screen: ScreenName,
        _ argument: String?,
        size: Size,
        context: ConsoleContext
    ) -> ConsoleState {
        var scratch = ScratchSession(source)
        var state = ConsoleState(context: context, now: now())
        var effects = state.update(
            .resize(width: size.width, height: size.height),
            at: now()
        )
        effects += state.show(screen, argument: argument, at: now())
        // Answers lead to further questions; a screen needs a few rounds of them.
        for _ in 0..<50 where !effects.isEmpty {
            effects = answer(effects, &state, &scratch)
        }
        return state
    }

    private func answer(
        _ effects: [Effect],
        _ state: inout ConsoleState,
        _ scratch: inout ScratchSession
    ) -> [Effect] {
        var further: [Effect] = []
        for effect in effects {
            switch effect {
            case .fetch(let query, let token):
                let answer = Result { () throws(OperationsError) in try source.answer(to: query) }
                further += state.update(.answered(token, answer), at: now())
            case .scratch(let order, let token):
                let answer = scratch.result(of: order) { _, _ in true }
                further += state.update(.scratchAnswered(token, answer), at: now())
            default: break
            }
        }
        return further
    }
}
