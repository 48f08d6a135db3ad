import ConsoleModel
import OperationsModel
import Screen

extension Frame {
    /// Draws the keys of a screen from the key table, and what colours and signs mean.
    mutating func drawHelp(_ state: ConsoleState, in body: Rectangle) {
        let lines = helpLines(for: state.help.subject)
        let legend = legendLines
        let title =
            StyledText(state.help.subject.title, .strong)
            + StyledText("   \(state.help.subject.summary)", .muted)
        draw(title, at: body.row(0).origin.moved(x: 2), width: body.width - 3)
        let content = body.inset(top: 2)
        if body.width >= ConsoleLayout.twoPaneWidth {
            let panes = content.columns(.proportion(0.53), .remaining, gap: 1)
            drawScrolling(lines, top: state.help.top, in: panes[0].inset(left: 2, right: 1))
            rule(at: panes[1].origin.moved(x: -1), height: panes[1].height)
            drawScrolling(legend, top: 0, in: panes[1].inset(left: 2, right: 1))
        } else {
            drawScrolling(
                lines + [StyledText()] + legend,
                top: state.help.top,
                in: content.inset(left: 2, right: 1)
            )
        }
    }

    private func helpLines(for screen: ScreenName) -> [StyledText] {
        var lines: [StyledText] = []
        var seen: Set<Command> = []
        for section in KeyBinding.Section.allCases {
            let bindings = KeyTable.bindings.filter {
                $0.section == section && $0.applies(to: screen) && seen.insert($0.command).inserted
            }
            guard !bindings.isEmpty else { continue }
            if !lines.isEmpty { lines.append(StyledText()) }
            lines.append(StyledText(section.rawValue.uppercased(), .header))
            for binding in bindings {
                lines.append(
                    StyledText(TerminalText.fitted(binding.keysText, to: 14), Style(.keyHint))
                        + StyledText(binding.explanation)
                )
            }
        }
        return lines
    }

    private var legendLines: [StyledText] {
        var lines = [StyledText("STATES", .header)]
        for state in ProcessorStatus.State.allCases {
            let word = TerminalText.fitted("\(glyphs(state.glyph)) \(state.word)", to: 16)
            lines.append(StyledText(word, Style(state.role)) + StyledText(state.explanation))
        }
        lines += [StyledText(), StyledText("SIGNS", .header)]
        let signs: [(Glyph, StyleRole, String)] = [
            (.warning, .lagWarning, "will get worse if nobody acts"),
            (.critical, .stateError, "broken now"),
            (.added, .differenceAdd, "a field that was added"),
            (.removed, .differenceRemove, "a field that was removed"),
            (.changed, .differenceChange, "a field that was changed"),
            (.selected, .selection, "the selected row or pane"),
        ]
        for (glyph, role, text) in signs {
            lines.append(
                StyledText(TerminalText.fitted(glyphs(glyph), to: 16), Style(role))
                    + StyledText(text)
            )
        }
        lines += [
            StyledText("S               ", Style(.chartLine2)) + StyledText("a snapshot"),
            StyledText("A               ", Style(.searchHit)) + StyledText("the marked sequence"),
            StyledText(TerminalText.fitted("STALE", to: 16), Style(.stale))
                + StyledText("older than it should be"),
            StyledText(TerminalText.fitted("FROZEN", to: 16), Style(.stale))
                + StyledText("the display is held still by p"),
        ]
        return lines
    }
}
