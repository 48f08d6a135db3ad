import Aggregates
import EventModel
import EventStorage
import JSON
import Operations

/// Replays streams that have snapshots and prints what differs.
func verifySnapshots(
    _ operations: StoreOperations,
    _ context: VerbContext
) throws -> ExitStatus {
    let arguments = context.arguments
    if let stream = arguments.text("stream") {
        return try verify(1, operations, context) { try $0(StreamName(stream)) }
    }
    let categories =
        try arguments.text("category").map { [Category($0)] } ?? operations.log.categories()
    var sample = Sample<StreamName>(try arguments.count("sample") ?? 0)
    try forEachStream(of: categories, operations) { sample.add($0) }
    if arguments.has("sample") {
        return try verify(sample.elements.count, operations, context) { check in
            for stream in sample.elements { try check(stream) }
        }
    }
    return try verify(sample.seenCount, operations, context) { check in
        try forEachStream(of: categories, operations, check)
    }
}

/// Shows every stream that has snapshots.
private func forEachStream(
    of categories: [Category],
    _ operations: StoreOperations,
    _ body: (StreamName) throws -> Void
) throws {
    for category in categories {
        var pages = operations.snapshotPages(of: category)
        while case let page = try pages.next(), !page.isEmpty {
            for stream in page { try body(stream.stream) }
        }
    }
}

private func verify(
    _ count: Int,
    _ operations: StoreOperations,
    _ context: VerbContext,
    _ forEachStream: ((StreamName) throws -> Void) throws -> Void
) throws -> ExitStatus {
    let progress = WorkProgress("streams", of: count, on: context.messages)
    var seenCount = 0
    var wrongCount = 0
    try forEachStream { stream in
        for snapshot in try operations.snapshotter.wrongSnapshots(of: stream) {
            wrongCount += 1
            try tell(snapshot, context)
        }
        seenCount += 1
        progress.show(seenCount)
    }
    progress.finish()
    try context.messages.line(
        "\(NumberFormat.grouped(seenCount)) streams replayed, \(wrongCount) snapshots differ"
    )
    return wrongCount == 0 ? .done : .finding
}

private func tell(_ wrong: WrongSnapshot, _ context: VerbContext) throws {
    switch wrong.reason {
    case .unreadable: try tell(wrong, "cannot be read", context)
    case .otherEvent: try tell(wrong, "follows an event that is not in the store", context)
    case .noReplay(let event):
        try tell(wrong, "cannot be compared: \(event.description)", context)
    case .differences(let differences):
        for difference in differences { try tell(wrong, difference, context) }
    }
}

private func tell(_ wrong: WrongSnapshot, _ reason: String, _ context: VerbContext) throws {
    guard context.printsJSON else {
        return try context.output.line("\(wrong.place) \(reason)")
    }
    try context.output.object { writer in
        writer.place(of: wrong)
        writer.member("reason", reason)
    }
}

private func tell(
    _ wrong: WrongSnapshot,
    _ difference: JSONDifference,
    _ context: VerbContext
) throws {
    guard context.printsJSON else {
        let saved = difference.before?.description ?? "nothing"
        let replayed = difference.after?.description ?? "nothing"
        return try context.output.line(
            "\(wrong.place) differs in \(difference.path): \(saved) was saved, "
                + "replay gives \(replayed)"
        )
    }
    try context.output.object { writer in
        writer.place(of: wrong)
        writer.member("reason", "differs")
        writer.member("path", difference.path.description)
        writer.member("saved", difference.before?.description)
        writer.member("replayed", difference.after?.description)
    }
}

extension WrongSnapshot {
    fileprivate var place: String { "\(stream) at sequence \(listing.sequence)" }
}

extension JSONWriter {
    fileprivate mutating func place(of wrong: WrongSnapshot) {
        member("stream", wrong.stream.text)
        member("sequence", wrong.listing.sequence.number)
    }
}

/// So many of the elements shown to it, each with the same chance.
private struct Sample<Element> {
    private let count: Int
    private(set) var seenCount = 0
    private(set) var elements: [Element] = []

    init(_ count: Int) {
        self.count = count
    }

    mutating func add(_ element: Element) {
        seenCount += 1
        if elements.count < count {
            elements.append(element)
        } else if case let index = Int.random(in: 0..<seenCount), index < count {
            elements[index] = element
        }
    }
}
