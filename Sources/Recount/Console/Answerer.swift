import ConsoleModel
import EventModel
import EventStorage
import OperationsModel
import Synchronization

/// Asks the store away from the terminal's thread.
///
/// Each place of the console has at most one question waiting: a newer one takes its turn, and
/// the older is dropped. Requests are never dropped and keep their order.
final class Answerer: Sendable {
    private let state = Mutex(Queue())
    private let changed = ChangeSignal()
    private let source: any OperationsSource
    private let deliver: @Sendable (Message) -> Void
    private let threads = Mutex<[WorkerThread]>([])

    fileprivate struct Queue {
        var questions: [(query: Query, token: FetchToken)] = []
        var requests: [(request: OperationRequest, token: RequestToken)] = []
        var isRequesting = false
        var isEnding = false
    }

    fileprivate enum Work {
        case question(Query, FetchToken)
        case request(OperationRequest, RequestToken)
    }

    /// Starts threads that answer.
    ///
    /// - Parameters:
    ///   - source: who knows.
    ///   - deliver: takes answers, on any thread.
    init(_ source: any OperationsSource, deliver: @escaping @Sendable (Message) -> Void) {
        self.source = source
        self.deliver = deliver
        threads.withLock { threads in
            for _ in 0..<2 { threads.append(WorkerThread { [self] in run() }) }
        }
    }

    /// Puts a question in, in place of one for the same slot that nobody has begun to answer.
    func ask(_ query: Query, _ token: FetchToken) {
        state.withLock { queue in
            queue.questions.removeAll { $0.token.slot == token.slot }
            queue.questions.append((query, token))
        }
        changed.raise()
    }

    /// Puts a request in.
    func request(_ request: OperationRequest, _ token: RequestToken) {
        state.withLock { $0.requests.append((request, token)) }
        changed.raise()
    }

    /// Ends the threads after what they are at; what waits is dropped, requests are not.
    func end() {
        state.withLock { queue in
            queue.questions = []
            queue.isEnding = true
        }
        changed.raise()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private func run() {
        while let work = next() {
            switch work {
            case .question(let query, let token):
                let answer = Result { () throws(OperationsError) in try source.answer(to: query) }
                deliver(.answered(token, answer))
            case .request(let request, let token):
                let answer = Result { () throws(OperationsError) in try source.request(request) }
                deliver(.requested(token, answer))
                state.withLock { $0.isRequesting = false }
            }
        }
    }

    /// Waits for work; nothing when there will be none.
    private func next() -> Work? {
        while true {
            let seen = changed.value
            let (work, isEnding) = state.withLock { ($0.take(), $0.isEnding) }
            if let work { return work }
            if isEnding { return nil }
            changed.wait(since: seen, timeoutMilliseconds: 60_000)
        }
    }
}

extension Answerer.Queue {
    /// Takes the next piece of work; requests go first, one at a time.
    fileprivate mutating func take() -> Answerer.Work? {
        if !requests.isEmpty, !isRequesting {
            isRequesting = true
            let (request, token) = requests.removeFirst()
            return .request(request, token)
        }
        guard !questions.isEmpty else { return nil }
        let (query, token) = questions.removeFirst()
        return .question(query, token)
    }
}
