import JSON

extension Verb {
    static let help = Verb(
        "help",
        "Tell what a verb does, or list all",
        operands: [Operand("VERB", "The verb.", count: .optional)],
        examples: [Example("help import", "Tell how events are imported.")],
        run: { context in
            if let name = context.arguments.optionalOperand("VERB") {
                let table = context.table
                try context.output.write(table.verb(name).help(of: table.program))
            } else {
                try context.output.write(context.table.overview)
            }
            return .done
        }
    )

    static let version = Verb(
        "version",
        "Tell the version of the program",
        options: [.json],
        examples: [Example("version", "Tell the version.")],
        run: { context in
            if context.printsJSON {
                try context.output.object { $0.member("version", VerbTable.version) }
            } else {
                try context.output.line("recount \(VerbTable.version)")
            }
            return .done
        }
    )
}
