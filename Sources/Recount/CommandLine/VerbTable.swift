import Glibc

/// The verbs of a program, and what runs them.
public struct VerbTable: Sendable {
    /// The verbs, in the order in which help lists them.
    public var verbs: [Verb]
    /// What verbs can ask for by type, such as the program's domain.
    public var services: [any Sendable]
    /// What the program is called on the command line, without control characters; help shows it,
    /// and messages begin with it.
    public var program: String

    /// Makes a table.
    public init(
        _ verbs: [Verb] = VerbTable.standardVerbs,
        services: [any Sendable] = [],
        program: String = "recount"
    ) {
        self.verbs = verbs
        self.services = services
        self.program = program
    }

    /// Runs the verb that the arguments name, with the streams of the process.
    ///
    /// - Parameter arguments: the arguments without the name of the program.
    /// - Returns: the exit status of the process.
    public func run(_ arguments: [String]) -> Int32 {
        // A closed pipe is reported by the write that meets it.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that may not grow any further.
        signal(SIGXFSZ, SIG_IGN)
        let output = CommandOutput(descriptor: STDOUT_FILENO, name: "standard output")
        let messages = CommandOutput(descriptor: STDERR_FILENO, name: "standard error")
        return run(arguments, output: output, messages: messages).rawValue
    }

    /// Runs the verb that the arguments name.
    func run(
        _ arguments: [String],
        output: CommandOutput,
        messages: CommandOutput
    ) -> ExitStatus {
        do {
            let status = try perform(arguments, output: output, messages: messages)
            try output.flush()
            try? messages.flush()
            return status
        } catch  where error.isClosedOutput {
            return .done
        } catch {
            try? output.flush()
            let failure = CommandFailure(error)
            try? messages.line("\(program): error: \(failure.message)")
            try? messages.flush()
            return failure.status
        }
    }

    private func perform(
        _ arguments: [String],
        output: CommandOutput,
        messages: CommandOutput
    ) throws -> ExitStatus {
        guard let name = arguments.first else {
            try messages.write(overview)
            try messages.flush()
            return .wrongUsage
        }
        let rest = Array(arguments.dropFirst())
        let verb = try verb(VerbTable.aliases[name] ?? name)
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            try output.write(verb.help(of: program))
            return .done
        }
        let context = VerbContext(
            arguments: try VerbParser.parse(rest, for: verb, of: program),
            output: output,
            messages: messages,
            table: self
        )
        return try verb.run(context)
    }

    /// Names that people try first.
    private static let aliases = ["--help": "help", "-h": "help", "--version": "version"]

    /// The verb with a name.
    func verb(_ name: String) throws(CommandFailure) -> Verb {
        if let verb = verbs.first(where: { $0.name == name }) { return verb }
        let meant = Suggestion.nearest(to: name, among: verbs.map(\.name))
        throw .usage(
            "there is no verb '\(name)'" + (meant.map { "; did you mean '\($0)'" } ?? "")
                + "; see '\(program) help'"
        )
    }
}
