import EventModel
import EventStorage

@testable import EventLog

/// What a store answers when it is asked everything, each question for itself.
struct StoreAnswers {
    /// One answer, or why there is none.
    typealias Answer = Result<AnyHashable, StorageError>

    private(set) var answers: [Answer] = []

    /// Asks a store.
    ///
    /// - Parameters:
    ///   - log: the store.
    ///   - requests: what was appended to the store, to be appended again: the answer tells where
    ///     the store has it already.
    ///   - isBrief: whether only for all events and their number.
    init(of log: EventLog, repeating requests: [AppendRequest], isBrief: Bool = false) {
        ask { () throws(StorageError) in try StoreAnswers.digests(of: EventSelection(), log) }
        ask { () throws(StorageError) in try log.head() }
        if isBrief { return }
        for selection in StoreAnswers.selections {
            ask { () throws(StorageError) in try StoreAnswers.digests(of: selection, log) }
        }
        ask { () throws(StorageError) in try log.census() }
        ask { () throws(StorageError) in try log.streamCount() }
        for order in StreamsRequest.Order.allCases {
            ask { () throws(StorageError) in try log.streams(StreamsRequest(order: order)) }
        }
        ask { () throws(StorageError) in try log.stream(StreamName("order-1")) }
        for request in requests {
            ask { () throws(StorageError) in
                do throws(AppendError) {
                    return try log.append(request).placements
                } catch {
                    throw StoreAnswers.storageError(error)
                }
            }
        }
    }

    /// A hash over everything of each selected event, which is quicker to compare than the events.
    private static func digests(
        of selection: EventSelection,
        _ log: EventLog
    ) throws(StorageError) -> [UInt64] {
        var digests: [UInt64] = []
        try log.read(selection) { event in
            let numbers = [
                event.position.number, event.sequence.number, event.id.high, event.id.low,
                UInt64(bitPattern: event.recordedTime.microseconds),
                UInt64(bitPattern: event.eventTime.microseconds), UInt64(event.revision),
            ]
            var digest = LogFormat.checksum(numbers.span.bytes, seed: 0)
            digest = LogFormat.checksum(event.stream, seed: digest)
            digest = LogFormat.checksum(event.type, seed: digest)
            digest = LogFormat.checksum(event.contentTypeBytes, seed: digest)
            digest = LogFormat.checksum(event.tagBytes, seed: digest)
            digest = LogFormat.checksum(event.metadata, seed: digest)
            digests.append(LogFormat.checksum(event.payload, seed: digest))
            return .more
        }
        return digests
    }

    private mutating func ask<Value: Hashable>(
        _ question: () throws(StorageError) -> Value
    ) {
        do throws(StorageError) {
            answers.append(.success(AnyHashable(try question())))
        } catch {
            answers.append(.failure(error))
        }
    }

    private static func storageError(_ error: AppendError) -> StorageError {
        switch error {
        case .failed(let error): error
        case .refused(let refusal): StorageError(.damaged, "\(refusal)")
        }
    }

    /// The errors among the answers.
    var errors: [StorageError] {
        answers.compactMap { if case .failure(let error) = $0 { error } else { nil } }
    }

    /// Whether every answer is the one of other answers, or an error.
    func areNeverWrong(_ right: StoreAnswers) -> Bool {
        zip(answers, right.answers).allSatisfy { answer, right in
            if case .failure = answer { true } else { answer == right }
        }
    }

    private static let selections =
        [.forwards, .backwards].flatMap { direction in
            [
                EventSelection(direction: direction),
                EventSelection(.category(Category("order")), direction: direction),
                EventSelection(.stream(StreamName("cart-1")), direction: direction),
                EventSelection(.stream(StreamName("order-1")), direction: direction),
                EventSelection(.stream(StreamName("order-2")), direction: direction),
                EventSelection(direction: direction, types: [EventType("Tested1")]),
                EventSelection(
                    direction: direction,
                    tags: [EventTag(key: "customer", value: "7")]
                ),
            ]
        }
}
