/// Takes the arguments of a verb apart, as its declaration says.
package struct VerbParser {
    private let verb: Verb
    private let program: String
    private var values: [String: [String]] = [:]
    private var operands: [String] = []

    /// Parses the arguments behind the verb.
    ///
    /// `--` ends the options; `-` is an operand. The value of an option cannot begin with `--`
    /// unless it is written behind `=`.
    package static func parse(
        _ arguments: [String],
        for verb: Verb,
        of program: String
    ) throws(CommandFailure) -> VerbArguments {
        var parser = VerbParser(verb: verb, program: program)
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                parser.operands += rest
                break
            } else if argument.hasPrefix("-") && argument != "-" {
                try parser.takeOption(argument, &rest)
            } else {
                parser.operands.append(argument)
            }
        }
        return try parser.finish()
    }

    private init(verb: Verb, program: String) {
        self.verb = verb
        self.program = program
    }

    private mutating func takeOption(
        _ argument: String,
        _ rest: inout ArraySlice<String>
    ) throws(CommandFailure) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let written = String(parts[0])
        guard let option = verb.options.first(where: { "--" + $0.name == written }) else {
            let names = verb.options.map { "--" + $0.name } + ["--help"]
            let meant = Suggestion.nearest(to: written, among: names)
            throw failure(
                "there is no option '\(written)'" + (meant.map { "; did you mean '\($0)'" } ?? "")
            )
        }
        var value: String?
        if parts.count == 2 {
            guard option.placeholder != nil else {
                throw failure("the option '\(written)' takes no value")
            }
            value = String(parts[1])
        } else if let placeholder = option.placeholder {
            guard let next = rest.first, !next.hasPrefix("--") else {
                throw failure("the option '\(written)' needs a value: \(written) \(placeholder)")
            }
            value = rest.removeFirst()
        }
        guard option.isRepeatable || values[option.name] == nil else {
            throw failure("the option '\(written)' is given twice")
        }
        values[option.name, default: []].append(value ?? "")
    }

    private consuming func finish() throws(CommandFailure) -> VerbArguments {
        for option in verb.options where option.isRequired && values[option.name] == nil {
            throw failure("the option '--\(option.name)' is missing")
        }
        let required = verb.operands.filter { $0.count != .optional }
        guard operands.count >= required.count else {
            throw failure("\(required[operands.count].name) is missing")
        }
        let takesMany = verb.operands.contains { $0.count == .many }
        guard takesMany || operands.count <= verb.operands.count else {
            throw failure("'\(operands[verb.operands.count])' is one argument too many")
        }
        return VerbArguments(verb: verb, values: values, operands: operands)
    }

    private func failure(_ message: String) -> CommandFailure {
        .usage("\(verb.name): \(message); see '\(program) \(verb.name) --help'")
    }
}
