import EventModel
import OperationsModel
import Screen

/// How the times of dead letters are written where there is little room.
enum LetterWording {
    /// A cause in a list, where its beginning has to tell it from others: without the directory of
    /// the file that it names first.
    static func cause(_ cause: String?) -> String {
        guard let cause else { return "none: about to be tried" }
        guard cause.hasPrefix("/"), let end = cause.firstIndex(of: ":"),
            let slash = cause[..<end].lastIndex(of: "/")
        else { return cause }
        return String(cause[cause.index(after: slash)...])
    }

    /// How long ago it was; a dash where it never was.
    static func age(_ time: Timestamp?, _ now: Timestamp) -> String {
        time.map { Wording.duration(now.seconds(since: $0)) } ?? "-"
    }

    /// When something is tried again, in at most ten cells; without a cause it is about to be.
    static func again(_ time: Timestamp?, _ cause: String?, _ now: Timestamp) -> String {
        if cause == nil { return "at once" }
        guard let time else { return "when asked" }
        let seconds = time.seconds(since: now)
        return seconds <= 0 ? "due" : "in \(Wording.duration(seconds))"
    }
}

extension DeadLetterSequence {
    /// The columns of a table of sequences.
    static let columns = [
        TableColumn("SEQUENCE", .flexible(minimum: 16, maximum: 36, weight: 2)),
        TableColumn("EVENT", .fixed(11, .right)),
        TableColumn("TYPE", .flexible(minimum: 12, maximum: 30)),
        TableColumn("HELD", .fixed(5, .right)),
        TableColumn("TRIED", .fixed(5, .right)),
        TableColumn("LAST", .fixed(6, .right)),
        TableColumn("AGAIN", .fixed(10)),
    ]

    /// One cell of a table of sequences.
    func cell(_ column: Int, at now: Timestamp) -> StyledText {
        switch column {
        case 0: StyledText(key, .strong)
        case 1: StyledText("#\(Wording.counter(position.number))")
        case 2: StyledText(type.text)
        case 3:
            heldCount == 0
                ? StyledText("-", .muted)
                : StyledText(Wording.grouped(heldCount), Style(.lagWarning))
        case 4: StyledText(Wording.grouped(attempts), .muted)
        case 5: StyledText(LetterWording.age(lastTime, now), .muted)
        default: StyledText(LetterWording.again(nextAttempt, cause, now), .muted)
        }
    }
}
