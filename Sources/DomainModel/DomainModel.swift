public import Aggregates
import EventModel
import EventSchema
public import ReadModels
import YAML

/// A domain described as data: folds, projections, upcasters and objectives in one YAML text.
///
/// Everything is checked when it is read: keys and values, and each piece of SQL is compiled as
/// it will run, in a locked-down SQLite. What an expression may say is told by ``BoundName``.
public struct DomainModel: Sendable {
    /// The name of the file, as errors name it.
    public let file: String
    /// The rules of the categories, in the order of the text.
    public let aggregates: [AggregateRules]
    /// The projections, each a processing group of its own, in the order of the text.
    public let projectionRules: [ProjectionRules]
    /// The upcasters, in the order of the text.
    public let upcasters: [UpcasterRules]
    /// What the operators have promised.
    public let objectives: Objectives
    /// The upcasters ready for use, also for folds and projections written in Swift.
    public let upcasting: Upcasting

    /// Reads and checks a model.
    ///
    /// - Parameters:
    ///   - bytes: the YAML text.
    ///   - file: the name of its file, for errors.
    /// - Throws: everything that is wrong; for a text that is not YAML, only the first thing.
    public init(parsing bytes: [UInt8], file: String) throws(ModelError) {
        let root: YAMLNode
        do {
            root = try YAMLNode(parsing: bytes)
        } catch {
            let problem = ModelProblem(
                line: error.line,
                column: error.column,
                reason: error.reason
            )
            throw ModelError(file: file, problems: [problem])
        }
        var reader = ModelReader(file: file, text: String(decoding: bytes, as: UTF8.self))
        reader.read(root)
        ModelCheck.check(&reader)
        self.file = file
        aggregates = reader.aggregates
        projectionRules = reader.projections
        upcasters = reader.upcasters
        objectives = reader.objectives
        do {
            upcasting = try Upcasting(rules: reader.upcasters)
        } catch {
            // Two that take the same form were told already, the second of them by its place.
            if reader.problems.isEmpty { reader.add(error) }
            throw ModelError(file: file, problems: reader.problems)
        }
        guard reader.problems.isEmpty else {
            throw ModelError(file: file, problems: reader.problems)
        }
    }

    /// Reads and checks a model, as ``init(parsing:file:)-([UInt8],_)`` does.
    public init(parsing text: String, file: String) throws(ModelError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }

    /// The folds, which see every event in its current form.
    public var folds: [Fold] {
        aggregates.map { Fold(rules: $0, name: fileName, upcasting) }
    }

    /// The projections, which see every event in its current form.
    public var projections: [any Projection] {
        let upcastings = Upcastings(shared: upcasting)
        return projectionRules.map {
            CurrentProjection(ModelProjection(rules: $0), upcastings)
        }
    }

    /// The projection with a name, as described: for events that are made current before.
    ///
    /// - Returns: the projection; nothing where there is none.
    public func projection(named name: String) -> (any Projection)? {
        projectionRules.first { $0.name.utf8.elementsEqual(name.utf8) }
            .map { ModelProjection(rules: $0) }
    }

    /// The file without its directory.
    private var fileName: String {
        file.split(separator: "/").last.map(String.init) ?? file
    }
}
