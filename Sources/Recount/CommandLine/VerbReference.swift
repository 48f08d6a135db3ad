extension VerbTable {
    /// The reference page of the documentation.
    package var reference: String {
        var text = """
            # The command line

            Every verb of the `\(program)` executable, with its options, examples and exit statuses.

            ## Overview

            `\(program) VERB STORE ...`, where the store is a directory. Options are written
            `--name VALUE` or `--name=VALUE`; `--` ends them. Results go to the standard output,
            as text or, with `--json`, as one JSON object per line; messages and progress go to
            the standard error. Times are RFC 3339 text.

            | verb | what it does |
            | --- | --- |

            """
        for verb in verbs {
            text += "| [`\(verb.name)`](#\(verb.name)) | \(verb.summary.markdown) |\n"
        }
        text += "\n| exit status | meaning |\n| --- | --- |\n"
        for status in ExitStatus.allCases {
            text += "| \(status.rawValue) | \(status.meaning) |\n"
        }
        return text + verbs.map { $0.reference(of: program) }.joined()
    }
}

extension Verb {
    fileprivate func reference(of program: String) -> String {
        var text = "\n## \(name)\n\n\(summary.markdown).\n\n```\n\(usage(of: program))\n```\n"
        if !discussion.isEmpty { text += "\n\(discussion.markdown)\n" }
        text += table("argument", operands.map { ("`\($0.name)`", $0.help) })
        text += table("option", options.map { ("`\($0.form)`", $0.fullHelp) })
        for example in examples {
            text += "\n\(example.explanation.markdown)\n\n```\n\(program) \(example.call)\n```\n"
        }
        if !exitStatuses.isEmpty {
            let rows = exitStatuses.map { (String($0.status.rawValue), $0.meaning) }
            text += table("exit status", rows)
        }
        return text
    }

    private func table(_ title: String, _ rows: [(name: String, help: String)]) -> String {
        if rows.isEmpty { return "" }
        var text = "\n| \(title) | meaning |\n| --- | --- |\n"
        for row in rows { text += "| \(row.name.tableCell) | \(row.help.markdown.tableCell) |\n" }
        return text
    }
}

extension String {
    /// The text with names in typewriter type: what stands between single quotes.
    fileprivate var markdown: String {
        var result = ""
        var isInside = false
        for part in split(separator: "'", omittingEmptySubsequences: false) {
            result += isInside ? "`\(part)`" : String(part)
            isInside.toggle()
        }
        return result
    }

    /// The text with the bars escaped that would end a cell of a table.
    fileprivate var tableCell: String {
        split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
