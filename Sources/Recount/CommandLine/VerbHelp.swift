extension Verb {
    /// How the verb of a program is called, in one line.
    func usage(of program: String) -> String {
        let operands = operands.map { operand in
            switch operand.count {
            case .one: operand.name
            case .optional: "[\(operand.name)]"
            case .many: "\(operand.name)..."
            }
        }
        let options = options.map { option in
            let repeated = option.isRepeatable ? "..." : ""
            return option.isRequired ? option.form : "[\(option.form)]\(repeated)"
        }
        return ([program, name] + operands + options).joined(separator: " ")
    }

    /// The exit statuses the verb can end with, and what they mean.
    var allExitStatuses: [ExitStatusMeaning] {
        ExitStatus.allCases.compactMap { status in
            if let own = exitStatuses.first(where: { $0.status == status }) { return own }
            let isCommon =
                status == .done || status == .wrongUsage
                || (status == .storageFailure && operands.contains { $0.name == "STORE" })
            return isCommon ? ExitStatusMeaning(status, status.meaning) : nil
        }
    }

    /// What `--help` prints in a program.
    package func help(of program: String) -> String {
        var text = "\(summary).\n\n"
        text += VerbHelp.wrapped(usage(of: program), first: "Usage: ", rest: "           ") + "\n"
        if !discussion.isEmpty {
            text += "\n" + VerbHelp.wrapped(discussion, first: "", rest: "") + "\n"
        }
        text += VerbHelp.list("Arguments", operands.map { ($0.name, $0.help) })
        let options = options + [VerbOption("help", nil, "Print this help.")]
        text += VerbHelp.list("Options", options.map { ($0.form, $0.fullHelp) })
        text += "\nExamples:\n"
        for example in examples {
            text += "  \(program) \(example.call)\n"
            text += VerbHelp.wrapped(example.explanation, first: "      ", rest: "      ") + "\n"
        }
        let statuses = allExitStatuses.map { (String($0.status.rawValue), $0.meaning) }
        return text + VerbHelp.list("Exit status", statuses)
    }
}

extension VerbOption {
    /// The option as it is written.
    var form: String { "--\(name)" + (placeholder.map { " \($0)" } ?? "") }

    /// What the option does, and how often it may be given.
    var fullHelp: String { help + (isRepeatable ? " May be given several times." : "") }
}

extension VerbTable {
    /// What `help` prints.
    package var overview: String {
        var text = "Recount \(VerbTable.version): event sourcing with an operations console.\n\n"
        text += "Usage: \(program) VERB ...\n"
        text += VerbHelp.list("Verbs", verbs.map { ($0.name, $0.summary + ".") })
        return text + "\n'\(program) VERB --help' tells about one of them.\n"
    }
}

/// Lays out text for help.
enum VerbHelp {
    private static let width = 80

    /// A titled list of names and what they are; empty where there is none.
    static func list(_ title: String, _ entries: [(name: String, help: String)]) -> String {
        if entries.isEmpty { return "" }
        let column = min(28, (entries.map(\.name.utf8.count).max() ?? 0) + 4)
        var text = "\n\(title):\n"
        for (name, help) in entries {
            let indentation = String(repeating: " ", count: column)
            var first = "  " + name
            if first.utf8.count + 2 > column {
                text += first + "\n"
                first = indentation
            } else {
                first += String(repeating: " ", count: column - first.utf8.count)
            }
            text += wrapped(help, first: first, rest: indentation) + "\n"
        }
        return text
    }

    /// A text broken at spaces into lines that start as given.
    static func wrapped(_ text: String, first: String, rest: String) -> String {
        var lines = [first]
        var isEmpty = true
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(rest + word)
            } else {
                lines[lines.count - 1] = line + (isEmpty ? "" : " ") + word
            }
            isEmpty = false
        }
        return lines.joined(separator: "\n")
    }
}
