import EventStorage
import JSON
import Operations

extension Verb {
    static let importEvents = Verb(
        "import",
        "Import CloudEvents",
        discussion: "The files hold CloudEvents 1.0, one JSON object per line, plain or "
            + "compressed with gzip or zstd; '-' is the standard input. 'subject' is the stream, "
            + "'type' the type, 'revision' (1 where absent) the revision, 'time' the event time, "
            + "'data' the payload, byte for byte. The event id comes from 'source' and 'id', so "
            + "importing a file twice adds nothing, and an import that was interrupted is "
            + "completed by doing it again. Other attributes become metadata.",
        operands: [.store, Operand("FILE", "A file with events, or '-'.", count: .many)],
        options: [
            VerbOption(
                "on-error",
                "stop|skip",
                "What to do with a line that is no event: end, with everything before it in the "
                    + "store (this is the default), or go on and write it to "
                    + "FILE.rejected.ndjson and the reason to FILE.rejected.reasons.ndjson."
            ),
            .json,
        ],
        examples: [
            Example("import shop.store orders.ndjson.gz", "Import a compressed file."),
            Example(
                "import shop.store --on-error skip orders.ndjson",
                "Import what can be imported and keep the rest beside the file."
            ),
        ],
        exitStatuses: [
            ExitStatusMeaning(.finding, "A line is no event; with 'skip', lines were rejected."),
            ExitStatusMeaning(.refused, "The store is read-only."),
        ],
        run: importFiles
    )
}

@Sendable
private func importFiles(_ context: VerbContext) throws -> ExitStatus {
    let policy: ImportErrorPolicy = try context.arguments.choice("on-error") ?? .stop
    let sources = context.arguments.operands("FILE").map { ImportSource(argument: $0) }
    let store = try context.openStore()
    let line = ProgressLine(context.messages)
    let start = ContinuousClock.now
    let importer = EventImporter(into: store, onError: policy) { progress in
        line.show(progress.description(since: start))
    }
    defer { line.finish() }
    let result = try importer.run(sources)
    line.finish()
    try context.printsJSON ? printObject(result, context) : printText(result, context)
    return result.rejectedCount == 0 ? .done : .finding
}

private func printText(_ result: ImportResult, _ context: VerbContext) throws {
    let added = NumberFormat.grouped(result.addedCount)
    let known = NumberFormat.grouped(result.knownCount)
    var text = "\(added) events added, \(known) already known"
    if result.rejectedCount > 0 {
        let files = result.rejectionFiles.joined(separator: ", ")
        text += ", \(NumberFormat.grouped(result.rejectedCount)) lines rejected (\(files))"
    }
    let seconds = NumberFormat.seconds(result.seconds)
    text += "; \(NumberFormat.size(result.byteCount)) in \(seconds)"
    try context.output.line(text)
}

private func printObject(_ result: ImportResult, _ context: VerbContext) throws {
    try context.output.object { writer in
        writer.member("added", result.addedCount)
        writer.member("known", result.knownCount)
        writer.member("rejected", result.rejectedCount)
        writer.member("bytes", result.byteCount)
        writer.member("seconds", result.seconds)
        writer.key("rejectionFiles")
        writer.beginArray()
        for path in result.rejectionFiles { writer.string(path) }
        writer.endArray()
    }
}

extension ImportProgress {
    /// Events, rate and, where it can be told, the time left.
    fileprivate func description(since start: ContinuousClock.Instant) -> String {
        let seconds = start.duration(to: .now) / .seconds(1)
        let rate = seconds > 0 ? Int(Double(eventCount) / seconds) : 0
        let name = source.split(separator: "/").last.map(String.init) ?? source
        var text = "\(name): \(NumberFormat.grouped(eventCount)) events, "
        text += "\(NumberFormat.grouped(rate)) events/s"
        guard let totalSize, totalSize > 0, readSize > 0 else { return text }
        let left = seconds / Double(readSize) * Double(max(0, totalSize - readSize))
        text += ", \(min(100, readSize * 100 / totalSize)) %, "
        return text + "\(NumberFormat.duration(left)) left"
    }
}
