public import ConsoleModel
public import EventModel
import OperationsModel

/// A console with a store behind it that answers at once, and a clock that a test moves.
public struct ConsoleDriver {
    /// The console.
    public var state: ConsoleState
    /// The store behind it.
    public let store: BillingStore
    /// What time it is.
    public private(set) var now: Timestamp
    /// Every effect so far besides questions and requests.
    public private(set) var effects: [Effect] = []
    /// The questions that were asked while answers are held back.
    public private(set) var held: [(query: Query, token: FetchToken)] = []
    /// The orders for the scratch copy that wait for ``doHeldOrder(giveUp:)``.
    public private(set) var heldOrders: [(order: ScratchOrder, token: ScratchToken)] = []
    /// Whether orders for the scratch copy wait rather than being carried out at once.
    public var holdsOrders = false
    /// Whether questions wait for ``answerHeld(_:)`` rather than being answered at once.
    public var holdsAnswers = false

    private var scratch: ScratchSession

    /// Makes a console of a size that shows a screen and has all its answers.
    public init(
        _ screen: ScreenName = .pulse,
        argument: String? = nil,
        width: Int = 120,
        height: Int = 30,
        store: BillingStore = BillingStore()
    ) {
        self.store = store
        scratch = ScratchSession(store)
        now = BillingStore.start
        let context = ConsoleContext(
            storeName: "billing",
            environmentName: "prod",
            isProduction: true,
            localOffsetMinutes: 60,
            themeNames: ["day-watch", "high-contrast", "mono", "night-watch"],
            themeName: "night-watch"
        )
        state = ConsoleState(context: context, now: now)
        send(.resize(width: width, height: height))
        obey(state.show(screen, argument: argument, at: now))
    }

    /// Tells the console what happened, and answers until it has no question left.
    public mutating func send(_ message: Message) {
        obey(state.update(message, at: now))
    }

    /// Shows a screen by its name.
    public mutating func show(_ screen: ScreenName, argument: String? = nil) {
        obey(state.show(screen, argument: argument, at: now))
    }

    /// Presses keys one after the other.
    public mutating func press(_ keys: Key...) {
        for key in keys { send(.key(key)) }
    }

    /// Types text, a key for each character.
    public mutating func type(_ text: String) {
        for character in text { send(.key(.character(character))) }
    }

    /// Lets time pass for store and console, with a tick every second.
    public mutating func wait(seconds: Double) {
        var left = seconds
        while left > 0 {
            let step = min(1, left)
            now = now.advanced(bySeconds: step)
            store.advance(seconds: step)
            send(.tick)
            left -= step
        }
    }

    /// Answers one of the questions that were held back.
    public mutating func answerHeld(_ index: Int) {
        let question = held.remove(at: index)
        obey(state.update(.answered(question.token, result(of: question.query)), at: now))
    }

    /// Forgets the effects so far and returns them.
    public mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    /// Carries out the oldest order for the scratch copy that was held back.
    ///
    /// - Parameter giveUp: whether the work is told to end as soon as it asks.
    public mutating func doHeldOrder(giveUp: Bool = false) {
        let (order, token) = heldOrders.removeFirst()
        let result = scratch.result(of: order) { _, _ in !giveUp }
        obey(state.update(.scratchAnswered(token, result), at: now))
    }

    private mutating func obey(_ wanted: [Effect]) {
        var queue = wanted
        while !queue.isEmpty {
            switch queue.removeFirst() {
            case .fetch(let query, let token):
                if holdsAnswers {
                    held.append((query, token))
                } else {
                    let answer = Message.answered(token, result(of: query))
                    queue += state.update(answer, at: now)
                }
            case .request(let request, let token):
                effects.append(.request(request, token))
                let result = Result { () throws(OperationsError) in try store.request(request) }
                queue += state.update(.requested(token, result), at: now)
            case .scratch(let order, let token) where holdsOrders:
                heldOrders.append((order, token))
            case .scratch(let order, let token):
                let result = scratch.result(of: order) { _, _ in true }
                queue += state.update(.scratchAnswered(token, result), at: now)
            case .endScratch:
                scratch.end()
                effects.append(.endScratch)
            case let effect: effects.append(effect)
            }
        }
    }

    private func result(of query: Query) -> Result<Answer, OperationsError> {
        Result { () throws(OperationsError) in try store.answer(to: query) }
    }
}
