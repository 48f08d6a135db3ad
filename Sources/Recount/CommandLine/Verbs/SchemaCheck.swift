import EventLog
import JSON
import Operations

/// Reads a whole store with the program and the model of today, and tells what cannot be read.
struct SchemaCheck {
    private let context: VerbContext

    init(_ context: VerbContext) {
        self.context = context
    }

    func perform() throws -> ExitStatus {
        let operations = try context.openOperations()
        let total = Int(clamping: try operations.log.head().number)
        let progress = WorkProgress("events", of: total, on: context.messages)
        let reading = try operations.readSchema { progress.show(Int(clamping: $0)) }
        progress.finish()
        if context.printsJSON {
            for form in reading.forms { try printObject(form) }
        } else {
            try printTables(reading)
        }
        try context.output.flush()
        let streams = NumberFormat.grouped(reading.streamCount)
        try context.messages.line(
            "\(NumberFormat.grouped(Int(clamping: reading.eventCount))) events of \(streams) "
                + "streams read: \(reading.unreadable.count) forms cannot be read, "
                + "\(reading.unmentioned.count) are not mentioned"
        )
        return reading.unreadable.isEmpty ? .done : .finding
    }

    private func printTables(_ reading: SchemaReading) throws {
        var failures = TextTable(
            [
                .text("cannot be read"), .number("revision"), .text("category"),
                .number("events"), .number("of"), .number("position"), .text("stream"),
                .number("sequence"), .text("what is missing"),
            ],
            to: context.output
        )
        for form in reading.unreadable {
            guard let first = form.firstFailure else { continue }
            try failures.row([
                form.form.type.text, String(form.form.revision), form.category.text,
                String(form.failureCount), String(form.eventCount), first.position.description,
                first.stream.text, first.sequence.description, first.reason,
            ])
        }
        try failures.flush()
        var others = TextTable(
            [.text("not mentioned"), .number("revision"), .text("category"), .number("events")],
            to: context.output
        )
        for form in reading.unmentioned {
            try others.row([
                form.form.type.text, String(form.form.revision), form.category.text,
                String(form.eventCount),
            ])
        }
        try others.flush()
    }

    private func printObject(_ form: FormReading) throws {
        try context.output.object { writer in
            writer.member("type", form.form.type.text)
            writer.member("revision", form.form.revision)
            writer.member("category", form.category.text)
            writer.member("events", form.eventCount)
            writer.member("isReadable", form.failureCount == 0)
            writer.member("isMentioned", form.isMentioned)
            writer.member("unreadable", form.failureCount)
            writer.member("position", form.firstFailure?.position.number)
            writer.member("stream", form.firstFailure?.stream.text)
            writer.member("sequence", form.firstFailure?.sequence.number)
            writer.member("missing", form.firstFailure?.reason)
        }
    }
}
