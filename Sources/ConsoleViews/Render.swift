public import ConsoleModel
public import Screen

/// Draws the console as it stands: the same state, size and glyphs give the same frame.
///
/// Any size is fine; below 80 columns by 24 rows the frame only says that it is too small.
public func render(_ state: ConsoleState, size: Size, glyphs: GlyphSet = .full) -> Frame {
    var frame = Frame(size: size, glyphs: glyphs)
    guard size.width >= ConsoleLayout.widthMinimum, size.height >= ConsoleLayout.heightMinimum
    else {
        frame.drawTooSmall()
        return frame
    }
    let rows = frame.bounds.rows(
        .fixed(1),
        .fixed(1),
        .fixed(1),
        .remaining,
        .fixed(1),
        .fixed(1)
    )
    frame.drawHeader(state, in: rows[0])
    frame.drawProblemLine(state, in: rows[1])
    frame.rule(at: rows[2].origin, width: size.width)
    frame.drawScreen(state, in: rows[3])
    frame.rule(at: rows[4].origin, width: size.width)
    frame.drawNotice(state, in: rows[4])
    frame.drawFooter(state, in: rows[5])
    frame.drawOverlay(state, in: rows[3])
    return frame
}

extension Frame {
    fileprivate mutating func drawTooSmall() {
        guard size.width > 0, size.height > 0 else { return }
        draw(
            "too small: \(size)",
            at: Point(x: 0, y: (size.height - 1) / 2),
            style: Style(.lagWarning),
            width: size.width,
            alignment: .center
        )
    }

    fileprivate mutating func drawScreen(_ state: ConsoleState, in body: Rectangle) {
        switch state.screen {
        case .pulse: drawPulse(state, in: body)
        case .streams: drawStreams(state, in: body)
        case .processors: drawProcessors(state, in: body)
        case .processor: drawProcessor(state, in: body)
        case .replay: drawReplay(state, in: body)
        case .deadLetters: drawDeadLetters(state, in: body)
        case .retry: drawLetterAct(state, in: body)
        case .effects: drawEffects(state, in: body)
        case .step: drawStep(state, in: body)
        case .aggregates: drawAggregates(state, in: body)
        case .history: drawHistory(state, in: body)
        case .snapshots: drawSnapshots(state, in: body)
        case .operations: drawOperations(state, in: body)
        case .help: drawHelp(state, in: body)
        }
    }
}
