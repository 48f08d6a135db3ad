import Aggregates
import Disk
import DomainModel
public import EventLog
import EventModel
import EventSchema
import Glibc
public import Operations
import ReadModels
import Screen

/// A program over a store: what it knows of the domain, and the whole command line and console
/// for it.
///
/// ```swift
/// try await Application(version: "1.4.0") {
///     Subscription.self
///     BillingHistory()
///     ProjectionGroup("money", Revenue(), OpenInvoices())
/// }.main()
/// ```
public struct Application: Sendable {
    /// What the program calls its version; events tell it.
    public let version: String?
    let receivers: [CommandReceiver]
    private let folds: [Fold]
    private let groups: [ProjectionGroup]
    private let additionalVerbs: [Verb]

    /// Makes a program that knows nothing of the domain.
    public init() {
        version = nil
        receivers = []
        folds = []
        groups = []
        additionalVerbs = []
    }

    /// Makes a program of aggregates, projections and verbs.
    ///
    /// - Parameters:
    ///   - version: what the program calls its version.
    ///   - parts: what it is made of, one on each line.
    /// - Throws: ``ApplicationError`` where two parts get in each other's way.
    public init(
        version: String? = nil,
        @ApplicationBuilder _ parts: () -> [ApplicationPart]
    ) throws(ApplicationError) {
        let parts = parts()
        self.version = version
        receivers = parts.compactMap(\.receiver)
        folds = parts.compactMap(\.fold)
        groups = parts.compactMap(\.group)
        additionalVerbs = (receivers.isEmpty ? [] : [Verb.send]) + parts.compactMap(\.verb)
        try ApplicationError.check(folds.compactMap(\.category?.text), "aggregates of the category")
        try ApplicationError.check(groups.map(\.name), "groups with the name")
        try ApplicationError.check(verbs.map(\.name), "verbs with the name")
    }

    private var verbs: [Verb] { VerbTable.standardVerbs + additionalVerbs }

    /// Runs the verb that the arguments of the process name, and ends the process with its status.
    public func main() async -> Never {
        exit(run())
    }

    /// Runs the verb that the arguments name.
    ///
    /// - Parameter arguments: the arguments without the name of the program.
    /// - Returns: the exit status for the process.
    public func run(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) -> Int32 {
        let file = CommandLine.arguments.first?.split(separator: "/").last
        let program = TerminalText.sanitized(file.map(String.init) ?? "recount")
        return VerbTable(verbs, services: [self], program: program).run(arguments)
    }

    /// The categories that the program has rules for, sorted.
    var categories: [Category] { folds.compactMap(\.category).sorted() }

    /// The stored forms that upcasters of the program take, each in the category of its aggregate.
    var upcasterSources: Set<EventForm> {
        folds.reduce(into: []) { $0.formUnion($1.upcasting.sources) }
    }

    /// The processing groups that the program defines, sorted.
    var groupNames: [String] { groups.map(\.name).sorted() }

    /// What the program and the store's own `recount.yaml` together know of the domain.
    ///
    /// What the program defines wins over the file. Folds and projections of both see events made
    /// current by the upcasters of the program's folds and by those of the file.
    ///
    /// - Throws: an error that names file, line and column where the file cannot be used, and one
    ///   where its upcasters and the program's lead in a circle.
    public func domain(of directory: StoreDirectory) throws -> Domain {
        let disk = RealDisk()
        let file = ModelFile(of: directory, disk: disk)
        let model = try file.model()
        let categories = Set(categories)
        let names = Set(groupNames)
        // Asked for whenever a group is defined anew, so that the file's upcasters are today's.
        let upcastings = { @Sendable [folds] in
            try Upcastings(of: folds, shared: file.model()?.upcasting ?? Upcasting())
        }
        let programGroups = groups.map { group in
            ReadModelGroup(name: group.name, directory: directory.groups, disk: disk) {
                let upcastings = try upcastings()
                return group.projections.map { CurrentProjection($0, upcastings) }
            }
        }
        let modelGroups = model?.projectionRules.map(\.name).map { name in
            ReadModelGroup(name: name, directory: directory.groups, disk: disk) {
                [CurrentProjection(try file.projection(named: name), try upcastings())]
            }
        }
        return Domain(
            folds: Folds(
                try folds.map { try $0.joined(with: model?.upcasting ?? Upcasting()) }
                    + (model?.folds ?? []).filter { !categories.contains($0.category) }
            ),
            groups: programGroups + (modelGroups ?? []).filter { !names.contains($0.name) },
            upcastings: try upcastings()
        )
    }
}

extension Set<Category> {
    fileprivate func contains(_ category: Category?) -> Bool {
        category.map { contains($0) } ?? false
    }
}

/// Parts of a program that get in each other's way.
public struct ApplicationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as a sentence without a period.
    public let description: String

    /// Throws for the first name that comes twice.
    fileprivate static func check(_ names: [String], _ what: String) throws(ApplicationError) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw ApplicationError(description: "the program has two \(what) \(name)")
        }
    }
}
