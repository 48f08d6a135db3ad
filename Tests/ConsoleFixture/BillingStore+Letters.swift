import EventModel
public import OperationsModel
import Synchronization

extension BillingStore {
    /// The dead letters at 3:47: 17 of the mails, for two causes, and one of the ledger.
    static let letters: [DeadLetterSequence] = {
        let locale = "no template for locale 'is-IS' in handler MailQueue"
        let address =
            "the address is empty in handler MailQueue; CustomerRegistered (revision 1) has none, "
            + "and no upcaster adds one"
        func letter(
            _ group: String,
            _ key: String,
            _ position: UInt64,
            _ type: String,
            held: Int,
            _ cause: String?,
            attempts: Int,
            failed seconds: Double,
            next: Double?
        ) -> DeadLetterSequence {
            DeadLetterSequence(
                group: group,
                key: key,
                position: Position(position),
                stream: StreamName(key),
                sequence: key == "subscription-17850" ? Sequence(1104) : Sequence(position % 61),
                type: EventType(type),
                heldCount: held,
                cause: cause,
                attempts: attempts,
                firstTime: cause.map { _ in start.advanced(bySeconds: -seconds) },
                lastTime: cause.map { _ in start.advanced(bySeconds: 71 - seconds) },
                nextAttempt: next.map { start.advanced(bySeconds: $0) }
            )
        }
        func mail(
            _ number: Int,
            _ position: UInt64,
            held: Int,
            _ cause: String?,
            attempts: Int = 4,
            next: Double? = nil
        ) -> DeadLetterSequence {
            letter(
                "notifications",
                "subscription-\(number)",
                position,
                "PaymentFailed",
                held: held,
                cause,
                attempts: attempts,
                failed: Double(12_600_124 - position),
                next: next
            )
        }
        return [
            letter(
                "ledger",
                "invoice-4711",
                2_113_007,
                "InvoiceIssued",
                held: 0,
                "negative total in handler LedgerEntries",
                attempts: 4,
                failed: 310,
                next: nil
            ),
            mail(17_850, 12_599_872, held: 4, locale),
            mail(10_412, 12_599_918, held: 1, locale),
            mail(15_230, 12_599_924, held: 0, address),
            mail(11_903, 12_599_941, held: 0, locale, attempts: 3, next: 41),
            mail(12_077, 12_599_966, held: 2, locale),
            mail(15_231, 12_599_970, held: 1, address),
            mail(19_006, 12_600_002, held: 0, locale, attempts: 3, next: 58),
            mail(10_007, 12_600_019, held: 1, nil, attempts: 0),
        ]
    }()

    /// The names of all sequences that have dead letters at 3:47.
    public static let letterKeys = Set(letters.map(\.key))

    /// Answers ``OperationsSource`` as told in ``letters``, without what was settled since.
    public func deadLetters(
        of group: String?,
        limit: Int
    ) throws(OperationsError) -> [DeadLetterSequence] {
        let letters = try checked().letters
        return Set(letters.map(\.group)).sorted().filter { group == nil || $0 == group }
            .flatMap { name in letters.filter { $0.group == name }.prefix(limit) }
    }

    /// Takes sequences from the dead letters of a group, as whoever takes up the last request.
    public func settleLetters(of group: String, _ keys: Set<String>) {
        contents.withLock { contents in
            contents.letters.removeAll { $0.group == group && keys.contains($0.key) }
            if !contents.entries.isEmpty { contents.entries[0].outcome = .running }
        }
    }

    /// Has more sequences of the ledger fail than are listed.
    public func floodLetters() {
        contents.withLock { contents in
            guard let first = contents.letters.first else { return }
            contents.letters += (0..<UInt64(1200)).map { number in
                var letter = first
                letter.key = "invoice-\(10_000 + number)"
                letter.position = Position(first.position.number + 1 + number)
                return letter
            }
        }
    }

    /// Has a sequence of a group fail again, now and for another cause.
    public func failLetter(of group: String, _ key: String, _ cause: String) {
        contents.withLock { contents in
            for index in contents.letters.indices
            where contents.letters[index].group == group && contents.letters[index].key == key {
                contents.letters[index].cause = cause
                contents.letters[index].attempts += 1
                contents.letters[index].lastTime = contents.now
            }
        }
    }
}
