public import EventModel
import OperationsModel

extension ConsoleState {
    /// Takes what happened, and says what is to be done about it.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - time: when it happened; the console has no clock of its own.
    /// - Returns: what is to be done, in this order.
    public mutating func update(_ message: Message, at time: Timestamp) -> [Effect] {
        now = max(now, time)
        switch message {
        case .key(let key): press(key)
        case .paste(let text): paste(text)
        case .resize(let width, let height): resize(width: width, height: height)
        case .focus(let isFocused): self.isFocused = isFocused
        case .scroll(let rows): scroll(by: rows)
        case .changed: changeTime = now
        case .tick: break
        case .answered(let token, let result): take(result, for: token)
        case .requested(let token, let result): take(result, for: token)
        case .scratchProgress(let token, let reached, let last):
            takeProgress(of: token, reached: reached, last: last)
        case .scratchAnswered(let token, let result): take(result, for: token)
        }
        expire()
        refresh()
        return takeEffects()
    }

    /// Shows a screen, asking the store what it needs.
    ///
    /// - Parameters:
    ///   - screen: the screen.
    ///   - argument: a group for ``ScreenName/processor``, ``ScreenName/replay``,
    ///     ``ScreenName/retry`` and, as `group@position` too, ``ScreenName/step``, by default the
    ///     first; a group for ``ScreenName/deadLetters`` and ``ScreenName/effects``, by default
    ///     every one; a stream, or `stream@sequence`, for ``ScreenName/history``, which is not
    ///     shown without; ignored elsewhere.
    ///   - time: when it is shown.
    /// - Returns: what is to be done, in this order.
    public mutating func show(
        _ screen: ScreenName,
        argument: String? = nil,
        at time: Timestamp
    ) -> [Effect] {
        now = max(now, time)
        present(screen, argument)
        refresh()
        return takeEffects()
    }

    /// Shows a screen by its name.
    mutating func present(_ screen: ScreenName, _ argument: String?) {
        let group = argument ?? allProcessors?.first?.group
        isGroupWanted = group == nil
        switch screen {
        case .processor: openProcessor(group)
        case .replay: openReplay(group)
        case .retry: if let group { planLetters(.retry(group, .all)) } else { open(.retry) }
        case .step:
            let place = group.map { Self.place($0) }
            openStep(place?.name, at: place?.number.map { .position(Position($0)) })
        case .deadLetters:
            if let argument { openDeadLetters(argument) } else { open(.deadLetters) }
        case .effects: if let argument { openEffects(argument) } else { open(.effects) }
        case .history: goTo(place: argument ?? "")
        default: open(screen)
        }
    }

    /// How often ``Message/tick`` is wanted; nothing while time changes nothing.
    public var tickIntervalMilliseconds: Int? {
        guard width > 0, height > 0, !isLeaving else { return nil }
        guard isFocused, !isFrozen else { return 1000 }
        return isBusy || screen == .replay || screen == .retry ? 250 : 1000
    }

    /// Whether the store got new events a moment ago, so that numbers are worth asking for often.
    var isBusy: Bool {
        isFocused && now.seconds(since: changeTime) < 1.5
    }

    /// Whether nothing was appended for so long that numbers are asked for seldom.
    var isQuiet: Bool { now.seconds(since: changeTime) > 15 }

    private mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    private mutating func resize(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        reconcileCursors()
    }

    /// Lets go of what has had its time.
    private mutating func expire() {
        if let arming, now >= arming.endTime {
            self.arming = nil
            tell("read-only again: 15 minutes are over")
        }
        if let shown = notice, now.seconds(since: shown.time) > 6 { notice = nil }
    }

    /// Brings every cursor of a list back to rows that exist and are visible.
    mutating func reconcileCursors() {
        pulse.cursor.reconcile(
            with: ProblemIdentity.identities(of: problems ?? []),
            rows: listRows(on: .pulse)
        )
        streams.cursor.reconcile(
            with: streams.events.map(\.position),
            rows: listRows(on: .streams)
        )
        processors.cursor.reconcile(
            with: processors.rows.map(\.group),
            rows: listRows(on: .processors)
        )
        aggregates.cursor.reconcile(
            with: aggregates.window.map(\.stream),
            rows: listRows(on: .aggregates)
        )
        snapshots.cursor.reconcile(
            with: (snapshots.coverage ?? []).map(\.category),
            rows: listRows(on: .snapshots)
        )
        operations.cursor.reconcile(
            with: operations.rows.map(\.id),
            rows: listRows(on: .operations)
        )
        deadLetters.reconcile(letterRows)
        effectList.cursor.reconcile(
            with: effectList.rows.map(\.id),
            rows: listRows(on: .effects)
        )
        history.top = history.firstSequence(fitting: listRows(on: .history))
    }
}
