import EventModel
import OperationsModel

/// What somebody types in an interactive replay.
enum StepCommand: Hashable {
    case move(ReplayMove)
    case tables
    case rows(table: String, limit: Int?)
    case query(String)
    case help
    case quit

    /// A command as it is written and explained.
    struct Form {
        let name: String
        /// One letter that stands for the name.
        var letter: Character?
        var arguments = ""
        let explanation: String
    }

    /// The commands in the order in which help lists them.
    static let forms = [
        Form(
            name: "next",
            letter: "n",
            arguments: "[N]",
            explanation: "go over the next event that the group handles, or N of them; "
                + "an empty line does so too"
        ),
        Form(
            name: "back",
            letter: "b",
            arguments: "[N]",
            explanation: "go back over the last handled event, or N of them"
        ),
        Form(
            name: "to",
            letter: "t",
            arguments: "P|T",
            explanation: "go to a position, a time (what was recorded up to then), start or head"
        ),
        Form(
            name: "stream",
            letter: "s",
            arguments: "S",
            explanation: "go to the next event of a stream"
        ),
        Form(name: "type", arguments: "T", explanation: "go to the next event of a stored type"),
        Form(
            name: "until",
            letter: "u",
            arguments: "SQL",
            explanation: "go on until the first value of a query is neither 0 nor NULL, "
                + "and was before"
        ),
        Form(
            name: "table",
            arguments: "[NAME [N]]",
            explanation: "list the tables, or show the first N rows of one"
        ),
        Form(name: "query", arguments: "SQL", explanation: "ask the tables as they are here"),
        Form(name: "help", letter: "h", explanation: "list the commands"),
        Form(name: "quit", letter: "q", explanation: "end; nothing is left of the copy"),
    ]

    /// Reads a line; an empty one goes to the next event.
    init(_ line: String) throws(CommandFailure) {
        let line = line.trimmingSpaces
        let word = String(line.prefix { $0 != " " })
        let rest = String(line.dropFirst(word.count)).trimmingSpaces
        switch try StepCommand.name(word) {
        case "next": self = .move(.next(try StepCommand.count(rest)))
        case "back": self = .move(.back(try StepCommand.count(rest)))
        case "to": self = .move(.to(try ReadModelPoint(argument: rest)))
        case "stream":
            self = .move(.stream(StreamName(try StepCommand.argument(rest, "stream S"))))
        case "type": self = .move(.type(EventType(try StepCommand.argument(rest, "type T"))))
        case "until": self = .move(.until(try StepCommand.argument(rest, "until SQL")))
        case "table": self = try StepCommand.table(rest)
        case "query": self = .query(try StepCommand.argument(rest, "query SQL"))
        case "help": self = .help
        default: self = .quit
        }
    }

    /// The command that a word is, is a letter for, or is the beginning of.
    private static func name(_ word: String) throws(CommandFailure) -> String {
        if word.isEmpty { return "next" }
        let word = word.lowercased()
        if let form = forms.first(where: { $0.name == word || $0.letter.map(String.init) == word })
        {
            return form.name
        }
        let begun = forms.map(\.name).filter { $0.hasPrefix(word) }
        if begun.count == 1 { return begun[0] }
        let meant =
            begun.isEmpty
            ? Suggestion.nearest(to: word, among: forms.map(\.name)).map { [$0] } : begun
        throw .usage(
            "there is no command '\(word)'"
                + (meant.map { "; did you mean '\($0.joined(separator: "' or '"))'" } ?? "")
                + "; 'help' lists them"
        )
    }

    private static func argument(
        _ text: String,
        _ form: String
    ) throws(CommandFailure) -> String {
        if text.isEmpty { throw .usage("the command is incomplete: \(form)") }
        return text
    }

    private static func count(_ text: String) throws(CommandFailure) -> Int {
        if text.isEmpty { return 1 }
        guard let count = Int(text), count > 0 else {
            throw .usage("how many events must be a whole number from 1; it is '\(text)'")
        }
        return count
    }

    private static func table(_ text: String) throws(CommandFailure) -> StepCommand {
        if text.isEmpty { return .tables }
        // The name of a table may contain spaces.
        guard let space = text.lastIndex(of: " "),
            let limit = Int(text[text.index(after: space)...])
        else { return .rows(table: text, limit: nil) }
        return .rows(table: String(text[..<space]).trimmingSpaces, limit: max(0, limit))
    }
}

extension ReadModelPoint {
    /// Reads a position, a time, `start` or `head`.
    init(argument text: String) throws(CommandFailure) {
        switch text {
        case "start": self = .position(.start)
        case "head": self = .head
        default:
            if let number = UInt64(text) {
                self = .position(Position(number))
            } else if let time = Timestamp(text) {
                self = .time(time)
            } else {
                throw .usage(
                    "a point is a position, start, head, or a time as in RFC 3339, such as "
                        + "2026-11-20T03:47:00+01:00; it is '\(text)'"
                )
            }
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        let isSpace = { (character: Character) in character.isWhitespace }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
