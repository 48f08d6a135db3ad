public import Aggregates
import Disk
import DomainModel
public import EventLog
import EventModel
public import Operations
public import ReadModels

/// A program over a store: what it knows of the domain, and the whole command line for it.
///
/// ```swift
/// let application = Application()
///     .fold(Fold(Subscription.self))
///     .group("billing-history", [BillingHistory()])
/// exit(application.run())
/// ```
public struct Application: Sendable {
    private var folds: [Fold] = []
    private var groups: [Group] = []
    private var additionalVerbs: [Verb] = []

    private struct Group: Sendable {
        var name: String
        var projections: [any Projection]
    }

    /// Makes a program that knows nothing of the domain yet.
    public init() {}

    /// Adds the rules by which the streams of a category become states.
    public consuming func fold(_ fold: Fold) -> Application {
        folds.append(fold)
        return self
    }

    /// Adds a processing group with its projections.
    public consuming func group(_ name: String, _ projections: [any Projection]) -> Application {
        groups.append(Group(name: name, projections: projections))
        return self
    }

    /// Adds a verb to the command line.
    public consuming func verb(_ verb: Verb) -> Application {
        additionalVerbs.append(verb)
        return self
    }

    /// Runs the verb that the arguments of the process name.
    ///
    /// - Returns: the exit status for the process.
    public func run(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) -> Int32 {
        VerbTable(VerbTable.standardVerbs + additionalVerbs, services: [self]).run(arguments)
    }

    /// The categories that the program has rules for, sorted.
    var categories: [Category] { folds.compactMap(\.category).sorted() }

    /// The processing groups that the program defines, sorted.
    var groupNames: [String] { groups.map(\.name).sorted() }

    /// What the program and the store's own `recount.yaml` together know of the domain.
    ///
    /// What the program defines wins over the file. Projections of both see events made current
    /// by the upcasters of the program's folds and by those of the file.
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
                folds + (model?.folds ?? []).filter { !categories.contains($0.category) }
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
