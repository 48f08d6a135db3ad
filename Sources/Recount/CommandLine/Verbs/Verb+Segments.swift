import Operations
import OperationsModel

extension Verb {
    static let split = Verb(
        "split",
        "Split a segment of a processing group, for several processes to share",
        discussion: "A group begins as one segment. Each process that runs the group claims its "
            + "share of the segments; events of one sequence, which is a stream unless the model "
            + "says otherwise, always are in the same one, in their order. Rows that depend on the "
            + "order of events of different streams want 'sequence: all', and one segment. No "
            + "event is missed or handled twice meanwhile. A group can have up to 64 segments.",
        operands: [.store, .group],
        options: [.segment("The segment to split; else one of the largest."), .reason, .noWait],
        examples: [
            Example("split shop.store sales --reason 'a second process'", "Make two of one.")
        ],
        run: { context in
            let group = context.arguments.operand(Operand.group.name)
            return try request(.split(group: group, segment: try segment(context)), context)
        }
    )

    static let merge = Verb(
        "merge",
        "Merge a segment of a processing group with its other half",
        discussion: "The one that has not come so far catches up first.",
        operands: [.store, .group],
        options: [.segment("One of the two halves; else of the smallest."), .reason, .noWait],
        examples: [
            Example("merge shop.store sales --reason 'one process is enough'", "Make one of two.")
        ],
        run: { context in
            let group = context.arguments.operand(Operand.group.name)
            return try request(.merge(group: group, segment: try segment(context)), context)
        }
    )
}

extension VerbOption {
    fileprivate static func segment(_ meaning: String) -> VerbOption {
        VerbOption("segment", "N", meaning)
    }
}

private func segment(_ context: VerbContext) throws -> UInt32? {
    try context.arguments.count("segment").map { UInt32(clamping: $0) }
}
