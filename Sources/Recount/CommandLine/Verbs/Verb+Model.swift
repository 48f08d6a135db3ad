import Disk
import DomainModel
import EventLog
import EventSchema
import JSON
import Operations
import Screen

extension Verb {
    static let model = Verb(
        "model",
        "Check a model file",
        discussion: "Everything that is wrong is told with file, line and column: keys and values, "
            + "SQL that does not compile or uses the clock, names that stand for nothing, "
            + "upcasters that meet or lead in a circle. Of a model that is right it says what it "
            + "defines, and what the program defines itself and so wins over the file.",
        operands: [
            Operand("ACT", "check."),
            Operand("FILE", "The model file, or a store with a recount.yaml."),
        ],
        options: [.json],
        examples: [
            Example("model check recount.yaml", "Check a file before it is used."),
            Example("model check shop.store", "Check the model of a store with the program."),
        ],
        exitStatuses: [ExitStatusMeaning(.finding, "Something is wrong with the model.")],
        run: doModel
    )
}

@Sendable
private func doModel(_ context: VerbContext) throws -> ExitStatus {
    let act = context.arguments.operand("ACT")
    guard act == "check" else {
        throw CommandFailure.usage("a model is checked: 'model check FILE'; the act is '\(act)'")
    }
    let path = context.arguments.operand("FILE")
    let store = StoreDirectory(path)
    let isStore = RealDisk().exists(store.manifest)
    do {
        let file = isStore ? store.model : path
        guard let model = try ModelFile(path: file, disk: RealDisk()).model() else {
            throw CommandFailure.usage("there is no model file at '\(file)'")
        }
        let application = context.service(Application.self) ?? Application()
        if isStore { _ = try application.domain(of: store) }
        try tell(ModelContents(model, application), context)
        return .done
    } catch let error as ModelError {
        for problem in error.problems { try tell(problem, in: error.file, context) }
    } catch let error as UpcasterError {
        // Only together with those of the program do the upcasters lead nowhere.
        let problem = "with the upcasters of the program: \(error)"
        try tell(ModelProblem(line: 1, column: 1, reason: problem), in: store.model, context)
    }
    return .finding
}

private func tell(_ problem: ModelProblem, in file: String, _ context: VerbContext) throws {
    guard context.printsJSON else {
        return try context.output.line(
            "\(file):\(problem.line):\(problem.column): \(problem.reason)"
        )
    }
    try context.output.object { writer in
        writer.member("file", file)
        writer.member("line", problem.line)
        writer.member("column", problem.column)
        writer.member("reason", problem.reason)
    }
}

private func tell(_ contents: ModelContents, _ context: VerbContext) throws {
    guard context.printsJSON else {
        for line in contents.lines { try context.output.line(line) }
        return
    }
    try context.output.object { writer in
        writer.member("file", contents.file)
        writer.member("upcasters", contents.upcasterCount)
        for (name, list) in contents.lists {
            writer.key(name)
            writer.strings(list)
        }
    }
}

/// What a model defines, and what of it the program defines itself.
private struct ModelContents {
    let file: String
    let upcasterCount: Int
    private let overruledUpcasters: [String]
    private let aggregates: [String]
    private let projections: [String]
    private let programAggregates: [String]
    private let programGroups: [String]

    init(_ model: DomainModel, _ application: Application) {
        file = model.file
        upcasterCount = model.upcasters.count
        let programSources = application.upcasterSources
        overruledUpcasters = model.upcasters.map(\.source).filter(programSources.contains)
            .map(\.description)
        aggregates = model.aggregates.map(\.category.text)
        projections = model.projectionRules.map(\.name)
        programAggregates = application.categories.map(\.text)
        programGroups = application.groupNames
    }

    /// The names, as JSON calls the lists.
    var lists: [(String, [String])] {
        [
            ("aggregates", aggregates), ("projections", projections),
            ("programAggregates", programAggregates), ("programGroups", programGroups),
            ("overruledAggregates", overruledAggregates),
            ("overruledProjections", overruledProjections),
            ("overruledUpcasters", overruledUpcasters),
        ]
    }

    private var overruledAggregates: [String] { aggregates.filter(programAggregates.contains) }
    private var overruledProjections: [String] { projections.filter(programGroups.contains) }

    /// What there is to say, in sentences.
    var lines: [String] {
        let counts = [
            ModelContents.counted(aggregates, "aggregate"),
            ModelContents.counted(projections, "projection"),
            "\(upcasterCount) upcaster\(upcasterCount == 1 ? "" : "s")",
        ]
        var lines = ["\(file) defines \(counts.joined(separator: ", "))"]
        if !programAggregates.isEmpty || !programGroups.isEmpty {
            let counts = [
                ModelContents.counted(programAggregates, "aggregate"),
                ModelContents.counted(programGroups, "processing group"),
            ]
            lines.append("the program defines \(counts.joined(separator: ", "))")
        }
        let overruled = overruledAggregates + overruledProjections + overruledUpcasters
        if !overruled.isEmpty {
            lines.append(
                "the program wins over what the file says of \(overruled.joined(separator: ", "))"
            )
        }
        return lines
    }

    private static func counted(_ names: [String], _ noun: String) -> String {
        let list = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
        return "\(names.count) \(noun)\(names.count == 1 ? "" : "s")\(list)"
    }
}
